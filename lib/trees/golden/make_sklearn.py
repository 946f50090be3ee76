# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "scikit-learn==1.9.1"]
# ///
"""Writes sklearn.json: predictions of scikit-learn for golden_test.ts.

Run: uv run lib/trees/golden/make_sklearn.py

The tables are made so that no two splits gain the same, or nearly: one library's choice between
equals is as good as another's, and would make every tree below it differ.
"""

import numpy as np
import sklearn
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeRegressor

from tables import gaps_table, plain_table, predict_all, train_part, write

TABLES = {"plain": plain_table(1), "gaps": gaps_table(2)}


def fit(model, table, weighted=False):
    matrix, targets, weights = train_part(TABLES[table])
    model.fit(matrix, targets, sample_weight=weights if weighted else None)
    return predict_all(model, TABLES[table])


def tree(**parameters):
    return DecisionTreeRegressor(random_state=0, **parameters)


def boosting(**parameters):
    return GradientBoostingRegressor(random_state=0, **parameters)


def histogram(**parameters):
    # max_bins counts the bins of present values; early stopping would set rows aside.
    return HistGradientBoostingRegressor(
        max_bins=255, early_stopping=False, l2_regularization=0, **parameters
    )


ROUNDS = {
    "n_estimators": 10,
    "learning_rate": 0.3,
    "max_leaf_nodes": 6,
    # Its default of 3 would hold beside max_leaf_nodes.
    "max_depth": None,
    "min_samples_leaf": 8,
}
DEPTH = {"n_estimators": 10, "learning_rate": 0.3, "max_depth": 3, "min_samples_leaf": 8}
MANY = {"n_estimators": 60, "learning_rate": 0.1}
HISTOGRAM = {"max_iter": 10, "learning_rate": 0.3, "max_leaf_nodes": 6, "min_samples_leaf": 8}

predictions = {
    "tree, full": fit(tree(), "plain"),
    "tree, 9 leaves": fit(tree(max_leaf_nodes=9), "plain"),
    "tree, 7 rows a leaf": fit(tree(min_samples_leaf=7), "plain"),
    "tree, depth 4, weights": fit(tree(max_depth=4), "plain", weighted=True),
    "tree, 12 leaves, 5 rows, weights": fit(
        tree(max_leaf_nodes=12, min_samples_leaf=5), "plain", weighted=True
    ),
    "forest, 9 leaves": fit(
        RandomForestRegressor(n_estimators=1, bootstrap=False, max_leaf_nodes=9, random_state=0),
        "plain",
    ),
    "forest, quality": fit(
        RandomForestRegressor(n_estimators=100, min_samples_leaf=2, random_state=0), "plain"
    ),
    "boosting, squared, leaves": fit(boosting(**ROUNDS), "plain"),
    "boosting, squared, depth": fit(boosting(**DEPTH), "plain"),
    "boosting, squared, weights": fit(boosting(**ROUNDS), "plain", weighted=True),
    "boosting, monotone": fit(
        histogram(**HISTOGRAM, monotonic_cst=[1, 0, -1]), "plain"
    ),
}
for loss, alpha in [("absolute_error", 0.9), ("huber", 0.83), ("quantile", 0.7)]:
    # With weights no two splits gain the same, though gradients have two values only. (Grown to a
    # depth, it splits nodes whose gradients are all equal, by rounding noise.)
    predictions[f"boosting, {loss}, weights"] = fit(
        boosting(**ROUNDS, loss=loss, alpha=alpha), "plain", weighted=True
    )
    # Of an even number of rows it takes the lower middle one as their median.
    predictions[f"boosting, {loss}, quality"] = fit(
        boosting(**{**ROUNDS, **MANY}, loss=loss, alpha=alpha), "plain"
    )
predictions |= {
    "histogram, numbers": fit(histogram(**HISTOGRAM), "plain"),
    # The category comes as a number here, its codes in order.
    "histogram, missing": fit(histogram(**HISTOGRAM), "gaps"),
    "histogram, missing, weights": fit(histogram(**HISTOGRAM), "gaps", weighted=True),
    # Categories are sorted by gradient / (rows + 10) there, by gradient / rows here: the same order
    # where each category has the same number of rows, as all have at the root.
    "histogram, category at the root": fit(
        histogram(**{**HISTOGRAM, "max_leaf_nodes": 2}, categorical_features=[2]), "gaps"
    ),
    "histogram, category": fit(histogram(**HISTOGRAM, categorical_features=[2]), "gaps"),
}

made_with = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"
write("sklearn.json", made_with, TABLES, predictions)
