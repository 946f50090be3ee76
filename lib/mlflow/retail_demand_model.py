"""Loads the ONNX model beside this folder for `mlflow.pyfunc`.

MLflow's own loader of ONNX models does not take string columns of pandas 3.
"""

import os

import numpy as np
import onnxruntime
import pandas as pd

DTYPES = {
    "tensor(bool)": np.bool_,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
}


class RetailDemandModel:
    """Forecasts with their prediction intervals, in USD, one row a record."""

    def __init__(self, path: str):
        options = onnxruntime.SessionOptions()
        if "SPARK_REUSE_WORKER" in os.environ:
            # Spark already runs one of these on each core.
            options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )

    def predict(self, data: pd.DataFrame, params=None) -> pd.DataFrame:
        """Raises ValueError where a value is missing that has to be there, or a year has no such week."""
        feeds = {each.name: column(data, each) for each in self.session.get_inputs()}
        names = [each.name for each in self.session.get_outputs()]
        result = pd.DataFrame(
            dict(zip(names, self.session.run(None, feeds))), index=data.index
        )
        impossible = np.flatnonzero(result[names[0]].isna())
        if impossible.size > 0:
            row = impossible[0]
            raise ValueError(
                f"Row {row}: expected a week that the year has, but found week "
                f"{feeds['Week'][row]} of {feeds['Year'][row]}. Correct it and ask again."
            )
        return result


def column(data: pd.DataFrame, field) -> np.ndarray:
    """Values of a field in the type that the model takes; optional fields may be missing."""
    optional = field.type == "tensor(double)"
    if field.name not in data:
        if optional:
            return np.full(len(data), np.nan)
        raise ValueError(f"Column {field.name} is missing. Add it and ask again.")
    values = data[field.name]
    missing = np.flatnonzero(values.isna())
    if missing.size > 0 and not optional:
        raise ValueError(
            f"Row {missing[0]}: {field.name} is missing. Fill it in and ask again."
        )
    if field.type == "tensor(string)":
        return values.astype(object).to_numpy()
    return values.to_numpy(dtype=DTYPES[field.type])


def _load_pyfunc(path: str) -> RetailDemandModel:
    return RetailDemandModel(path)
