"""One measured run of a peer, in a process of its own: `python run.py REQUEST`.

REQUEST is a JSON object. `task` names a function below; `threads` is how many the peer may use (the
caller sets OMP_NUM_THREADS too). Prints one line of JSON.

A fit is timed from float64 columns to a trained model: what the peer does to them first, such as
binning, counts; reading the file and laying it out row by row, as all of them like it, does not.
"""

import json
import re
import sys
import time

import numpy as np


class Rows:
    """The training and test part of a table; see bench/table.ts for the file."""

    def __init__(self, request):
        path = request["table"]
        with open(f"{path}.json", encoding="utf-8") as file:
            facts = json.load(file)
        values = np.fromfile(f"{path}.f64").reshape(len(facts["features"]) + 1, facts["rows"])
        self.is_category = [feature["kind"] == "category" for feature in facts["features"]]
        cut = facts["trainRows"]
        self.x, self.y = self._layout(request, values[:-1, :cut]), values[-1, :cut].copy()
        self.x_test, self.y_test = self._layout(request, values[:-1, cut:]), values[-1, cut:].copy()

    @staticmethod
    def _layout(request, columns):
        x = np.ascontiguousarray(columns.T)
        return np.nan_to_num(x, nan=0.0, copy=False) if request["fill"] else x


def status(key):
    """A figure of this process in MB: VmRSS is now, VmHWM the highest so far."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return int(re.search(rf"{key}:\s+(\d+) kB", file.read())[1]) * 1024 / 1e6
    except OSError:
        return None


def reset_peak():
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


def measure(request, fit, predict):
    """Times `fit(rows)`, and writes what `predict(model, x)` gives for the test part."""
    rows = Rows(request)
    reset_peak()
    before = status("VmRSS")
    start = time.perf_counter()
    model = fit(rows)
    seconds = time.perf_counter() - start
    peak = None if before is None else status("VmHWM") - before
    error = np.asarray(predict(model, rows.x_test), dtype=np.float64) - rows.y_test
    return {"seconds": seconds, "rmse": float(np.sqrt(np.mean(error**2))), "peak_mb": peak}


def lightgbm(request):
    import lightgbm

    parameters = {
        **request["parameters"],
        "num_threads": request["threads"],
        "seed": request["run"],
        "verbose": -1,
    }
    trees = parameters.pop("num_iterations")

    def fit(rows):
        names = [i for i, category in enumerate(rows.is_category) if category]
        data = lightgbm.Dataset(
            rows.x,
            rows.y,
            categorical_feature=names if request["categories"] else [],
            params=parameters,
        )
        return lightgbm.train(parameters, data, trees)

    return measure(request, fit, lambda model, x: model.predict(x))


def xgboost(request):
    import xgboost

    parameters = {**request["parameters"], "nthread": request["threads"], "seed": request["run"]}

    def data(rows, x, y, **options):
        kinds = ["c" if category and request["categories"] else "q" for category in rows.is_category]
        return xgboost.QuantileDMatrix(
            x,
            y,
            feature_types=kinds,
            enable_categorical=True,
            max_bin=parameters["max_bin"],
            nthread=request["threads"],
            **options,
        )

    def fit(rows):
        train = data(rows, rows.x, rows.y)
        # One round: all trees of the forest are grown on the same targets.
        return train, rows, xgboost.train(parameters, train, 1)

    def predict(fitted, x):
        train, rows, model = fitted
        return model.predict(data(rows, x, None, ref=train))

    return measure(request, fit, predict)


def scikit_learn(request, model):
    return measure(request, lambda rows: model.fit(rows.x, rows.y), lambda model, x: model.predict(x))


def hist_gradient_boosting(request):
    from sklearn.ensemble import HistGradientBoostingRegressor

    categories = Rows(request).is_category if request["categories"] else None
    model = HistGradientBoostingRegressor(
        **request["parameters"],
        categorical_features=categories,
        early_stopping=False,
        random_state=request["run"],
    )
    return scikit_learn(request, model)


def gradient_boosting(request):
    from sklearn.ensemble import GradientBoostingRegressor

    model = GradientBoostingRegressor(**request["parameters"], random_state=request["run"])
    return scikit_learn(request, model)


def random_forest(request):
    from sklearn.ensemble import RandomForestRegressor

    # JSON knows no difference between 1 and 1.0, which here is one feature or all.
    parameters = {**request["parameters"]}
    parameters["max_features"] = float(parameters["max_features"])
    model = RandomForestRegressor(
        **parameters, n_jobs=request["threads"], random_state=request["run"]
    )
    return scikit_learn(request, model)


def read_records(request):
    """The records to predict, row by row, as bench/runs/predict.ts chooses them."""
    x = Rows({**request, "fill": False}).x
    count = min(request["rows"], len(x))
    return np.ascontiguousarray(x[np.arange(count) * len(x) // count])


def measure_prediction(request, predict):
    records = read_records(request)
    # Once to warm up, and to see that both predict the same.
    ours = np.fromfile(request["predictions"])
    difference = float(np.max(np.abs(predict(records) - ours)))
    start = time.perf_counter()
    predict(records)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "max_difference": difference, "rows": len(records)}


def predict_lightgbm(request):
    import lightgbm

    model = lightgbm.Booster(model_file=request["model"])
    threads = request["threads"]
    return measure_prediction(request, lambda x: model.predict(x, num_threads=threads))


def predict_onnx(request):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = request["threads"]
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        request["model"], options, providers=["CPUExecutionProvider"]
    )
    return measure_prediction(request, lambda x: session.run(None, {"x": x})[0].ravel())


def write_onnx(request):
    import onnx
    from onnx_model import build

    with open(request["text"], encoding="ascii") as file:
        onnx.save(build(file.read()), request["model"])
    return {}


def versions(_request):
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for name in ["lightgbm", "xgboost-cpu", "xgboost", "scikit-learn", "onnxruntime", "numpy"]:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    return found


TASKS = [
    lightgbm,
    xgboost,
    hist_gradient_boosting,
    gradient_boosting,
    random_forest,
    predict_lightgbm,
    predict_onnx,
    write_onnx,
    versions,
]

if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    task = next(task for task in TASKS if task.__name__ == wanted["task"])
    print(json.dumps(task(wanted)))
