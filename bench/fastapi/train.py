"""Trains the models that service.py serves, as is usual with scikit-learn: `python train.py REQUEST`.

REQUEST is a JSON object: `table` (see bench/table.ts for the file), `fields` of a record, `rows` to
learn from, and `models`, which has the path to write for `gbr` and `rf`. Prints one line of JSON.
"""

import json
import sys

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def read_table(request):
    """Evenly spread training rows as a frame, and their targets."""
    path, fields = request["table"], request["fields"]
    with open(f"{path}.json", encoding="utf-8") as file:
        facts = json.load(file)
    values = np.fromfile(f"{path}.f64").reshape(len(fields) + 1, facts["rows"])
    count = min(request["rows"], facts["trainRows"])
    values = values[:, np.arange(count) * facts["trainRows"] // count]
    columns = {}
    for field, column in zip(fields, values):
        if "values" in field:
            column = np.array(field["values"], dtype=object)[column.astype(int)]
        elif field["type"] != "number":
            column = column.astype({"integer": np.int64, "boolean": bool}[field["type"]])
        columns[field["name"]] = column
    return pd.DataFrame(columns).fillna(0), values[-1]


def main(request):
    frame, target = read_table(request)
    texts = [field["name"] for field in request["fields"] if "values" in field]
    regressors = {
        "gbr": GradientBoostingRegressor(random_state=42),
        "rf": RandomForestRegressor(random_state=42, n_jobs=-1),
    }
    for name, path in request["models"].items():
        encoder = ColumnTransformer([("type", OneHotEncoder(), texts)], remainder="passthrough")
        pipeline = make_pipeline(encoder, regressors[name]).fit(frame, target)
        # One record is answered in a fraction of the time that handing trees to threads takes.
        if name == "rf":
            pipeline[-1].set_params(n_jobs=1)
        joblib.dump({"fields": request["fields"], "pipeline": pipeline}, path)
    return {"rows": len(frame)}


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
