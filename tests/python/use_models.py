"""Loads registered models as a data scientist does, and says what they forecast.

Usage: use_models.py RECORDS ONNX_FOLDER NAME ...

RECORDS holds records of the API's 17 fields, as JSON; ONNX_FOLDER one NAME.onnx each. Prints, by name:
`pyfunc`: the outputs of `models:/retail-demand-NAME@champion`; `onnxruntime`: those of the file, which
onnx.checker has checked, and of the graph that `mlflow.onnx.load_model` gives, which is the same.
"""

import json
import sys
import warnings

import mlflow
import numpy as np
import onnx
import onnxruntime
import pandas as pd

warnings.filterwarnings("ignore")


def run_graph(content: bytes, records: pd.DataFrame) -> dict[str, list[float]]:
    session = onnxruntime.InferenceSession(content)
    dtypes = {"int64": np.int64, "double": np.float64, "bool": np.bool_, "string": object}
    feeds = {
        each.name: records[each.name].to_numpy(dtype=dtypes[each.type[7:-1]])
        for each in session.get_inputs()
    }
    names = [each.name for each in session.get_outputs()]
    return {name: list(values) for name, values in zip(names, session.run(None, feeds))}


def main(records_file: str, onnx_folder: str, *names: str) -> None:
    records = pd.read_json(records_file, dtype={"IsHoliday": bool})
    result = {}
    for name in names:
        uri = f"models:/retail-demand-{name}@champion"
        model = mlflow.pyfunc.load_model(uri)
        # Optional columns may be left out, and their order is of no matter.
        shuffled = records[sorted(records.columns)].drop(columns=["MarkDown4"])
        forecasts = model.predict(shuffled)
        with open(f"{onnx_folder}/{name}.onnx", "rb") as file:
            content = file.read()
        onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
        loaded = mlflow.onnx.load_model(uri)
        if loaded != onnx.load_from_string(content):
            raise ValueError(f"{name}: MLflow gives another graph than export-onnx")
        result[name] = {
            "pyfunc": {column: list(forecasts[column]) for column in forecasts},
            "onnxruntime": run_graph(content, records),
            "metadata": {
                "run_id": model.metadata.run_id,
                "inputs": [str(each.type) for each in model.metadata.signature.inputs],
            },
        }
        try:
            model.predict(records.assign(Year=2012, Week=53, Month=12))
        except Exception as error:
            result[name]["refusal"] = str(error)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
