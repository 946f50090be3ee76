# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "lightgbm==4.6.0"]
# ///
"""Writes lightgbm.json: predictions of LightGBM for golden_test.ts.

Run: uv run lib/trees/golden/make_lightgbm.py
"""

import lightgbm
import numpy as np

from tables import gaps_table, plain_table, predict_all, train_part, write

TABLES = {"plain": plain_table(3), "gaps": gaps_table(4)}

PARAMETERS = {
    "learning_rate": 0.3,
    "num_leaves": 6,
    "min_data_in_leaf": 8,
    # Everything that LightGBM does beyond plain squared error gains is switched off.
    "min_sum_hessian_in_leaf": 0,
    "lambda_l1": 0,
    "lambda_l2": 0,
    "min_data_in_bin": 1,
    "max_bin": 255,
    "bin_construct_sample_cnt": 1_000_000,
    "enable_bundle": False,
    "feature_pre_filter": False,
    # At 0, categories without rows in a node would be sorted by 0 / 0.
    "cat_smooth": 1e-6,
    "cat_l2": 0,
    "min_data_per_group": 1,
    "max_cat_to_onehot": 1,
    "max_cat_threshold": 255,
    "use_missing": True,
    "deterministic": True,
    "num_threads": 1,
    "seed": 0,
    "verbose": -1,
}


def fit(table, *, weighted=False, categories=False, rounds=10, **changes):
    matrix, targets, weights = train_part(TABLES[table])
    data = lightgbm.Dataset(
        matrix,
        targets,
        weight=weights if weighted else None,
        categorical_feature=[2] if categories else [],
        params=PARAMETERS,
    )
    model = lightgbm.train({"objective": "regression", **PARAMETERS, **changes}, data, rounds)
    return predict_all(model, TABLES[table])


predictions = {
    "numbers": fit("plain"),
    # It guesses a leaf's rows from its weight, so they must not matter.
    "weights": fit("plain", weighted=True, min_data_in_leaf=1),
    "depth": fit("plain", max_depth=3, num_leaves=8),
    # The category comes as a number here, its codes in order.
    "missing": fit("gaps"),
    "category": fit("gaps", categories=True),
    "category, weights": fit("gaps", categories=True, weighted=True, min_data_in_leaf=1),
    "monotone": fit("plain", monotone_constraints=[1, 0, -1]),
    "l1": fit("plain", objective="l1"),
    # Its quantile lies between two rows, by interpolation.
    "quantile": fit("plain", objective="quantile", alpha=0.7, rounds=60, learning_rate=0.1),
}

made_with = f"LightGBM {lightgbm.__version__}, NumPy {np.__version__}"
write("lightgbm.json", made_with, TABLES, predictions)
