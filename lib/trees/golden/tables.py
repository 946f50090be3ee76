"""The generated tables of the golden files, and the shape in which they are written."""

import json
from pathlib import Path

import numpy as np

TRAIN, HELD_OUT = 240, 120


def plain_table(seed):
    """Numbers without gaps: few enough distinct values for exact bins, targets without ties."""
    random = np.random.default_rng(seed)
    rows = TRAIN + HELD_OUT
    columns = [
        random.integers(0, 120, rows) / 4,
        random.integers(0, 40, rows) / 2,
        random.integers(0, 180, rows) - 90.0,
    ]
    a, b, c = columns
    targets = 10 * np.sin(a / 4) + 0.3 * b + np.where(c > 20, 6.0, 0.0)
    targets = targets + random.normal(0, 1.5, rows)
    weights = random.integers(1, 13, rows) / 4 + random.random(rows) / 8
    return finish(["number"] * 3, columns, targets, weights)


def gaps_table(seed):
    """Numbers of which some are missing, and a category of eight codes."""
    random = np.random.default_rng(seed)
    rows = TRAIN + HELD_OUT
    a = random.integers(0, 100, rows) / 4
    b = random.integers(0, 60, rows) / 2
    # Equally many training rows of each code: see the note on categories in make_sklearn.py.
    category = np.concatenate([random.permutation(np.arange(n) % 8) for n in (TRAIN, HELD_OUT)])
    category = category.astype(float)
    effects = np.array([3.0, -7.0, 0.5, 9.0, -2.0, 5.5, -4.5, 1.5])
    targets = 0.4 * a + effects[category.astype(int)] + np.where(b > 15, 4.0, 0.0)
    targets = targets + random.normal(0, 1.0, rows)
    missing_a = random.random(rows) < 0.2
    targets = targets + np.where(missing_a, 6.0, 0.0)
    missing_b = random.random(rows) < 0.1
    columns = [np.where(missing_a, np.nan, a), np.where(missing_b, np.nan, b), category]
    weights = random.integers(1, 9, rows) / 4
    return finish(["number", "number", "category"], columns, targets, weights)


def finish(kinds, columns, targets, weights):
    # Float32 targets: LightGBM stores them so.
    targets = np.round(targets, 3).astype(np.float32).astype(float)
    return {
        "kinds": kinds,
        "columns": columns,
        "targets": targets,
        "weights": np.round(weights, 3),
    }


def train_part(table):
    """Matrix, targets and weights of the rows to learn from."""
    matrix = np.column_stack(table["columns"])
    return matrix[:TRAIN], table["targets"][:TRAIN], table["weights"][:TRAIN]


def predict_all(model, table):
    return model.predict(np.column_stack(table["columns"]))


def write(name, made_with, tables, predictions):
    """Writes a golden file; NaN becomes null."""

    def numbers(values, digits=10):
        return [None if np.isnan(v) else float(f"{v:.{digits}g}") for v in values]

    document = {
        "made_with": made_with,
        "train_rows": TRAIN,
        "tables": {
            key: {
                "kinds": table["kinds"],
                "columns": [numbers(column) for column in table["columns"]],
                "targets": numbers(table["targets"], 17),
                "weights": numbers(table["weights"]),
            }
            for key, table in tables.items()
        },
        "predictions": {key: numbers(values) for key, values in predictions.items()},
    }
    path = Path(__file__).with_name(name)
    path.write_text(json.dumps(document, separators=(",", ":")).replace('},"', '},\n"').replace('],"', '],\n"') + "\n")
