# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "lightgbm==4.6.0"]
# ///
"""Writes shap.json: trees of LightGBM, and its SHAP values of held-out rows, for tree_shap_test.ts.

Run: uv run lib/trees/golden/make_shap.py

The trees come along, since only the very same trees have the same SHAP values: where a feature counts
as unknown, a row comes to splits that no forecast would send it to.
"""

import json
from pathlib import Path

import lightgbm
import numpy as np

from tables import TRAIN, gaps_table, plain_table, train_part

TABLES = {"plain": plain_table(5), "gaps": gaps_table(6)}

PARAMETERS = {
    "objective": "regression",
    "learning_rate": 0.3,
    "num_leaves": 24,
    "min_data_in_leaf": 3,
    "max_cat_to_onehot": 1,
    "cat_smooth": 1,
    "min_data_per_group": 1,
    "deterministic": True,
    "num_threads": 1,
    "seed": 0,
    "verbose": -1,
}


def take_node(node):
    if "leaf_value" in node:
        # A tree of one leaf holds no count.
        return {"value": node["leaf_value"], "cover": node.get("leaf_count", TRAIN)}
    split = {"feature": node["split_feature"], "missing_left": node["default_left"]}
    if node["decision_type"] == "==":
        split["categories"] = [int(code) for code in node["threshold"].split("||")]
    else:
        split["threshold"] = node["threshold"]
    return {
        **split,
        "left": take_node(node["left_child"]),
        "right": take_node(node["right_child"]),
    }


def numbers(values):
    return [None if np.isnan(value) else float(f"{value:.10g}") for value in values]


def explain(name, *, categories=False, rounds=8, **changes):
    table = TABLES[name]
    matrix, targets, _ = train_part(table)
    data = lightgbm.Dataset(matrix, targets, categorical_feature=[2] if categories else [])
    model = lightgbm.train({**PARAMETERS, **changes}, data, rounds)
    held_out = [column[TRAIN : TRAIN + 60] for column in table["columns"]]
    found = model.predict(np.column_stack(held_out), pred_contrib=True)
    return {
        "kinds": ["number", "number", "category" if categories else "number"],
        "trees": [take_node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]],
        "columns": [numbers(column) for column in held_out],
        "expected": found[0, -1],
        "contributions": [numbers(values) for values in found[:, :-1].T],
    }


document = {
    "made_with": f"LightGBM {lightgbm.__version__}, NumPy {np.__version__}",
    "models": {
        "numbers": explain("plain"),
        "missing": explain("gaps"),
        "category": explain("gaps", categories=True),
        "drawn rows": explain(
            "gaps", categories=True, bagging_fraction=0.6, bagging_freq=1, feature_fraction=0.7
        ),
        "deep": explain("plain", rounds=2, num_leaves=200, min_data_in_leaf=1),
    },
}
text = json.dumps(document, separators=(",", ":")).replace('},"', '},\n"').replace('],"', '],\n"')
Path(__file__).with_name("shap.json").write_text(text + "\n")
