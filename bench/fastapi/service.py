"""The usual prediction service: FastAPI in front of a scikit-learn pipeline that joblib loads.

Run with uvicorn; the environment variable MODEL is the path of a model that train.py wrote. POST
/predict takes `{"records": [{...}]}` and answers `{"predictions": [...]}`.
"""

import os
from typing import Literal, Optional

import joblib
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel, Field, create_model

model = joblib.load(os.environ["MODEL"])
pipeline = model["pipeline"]


def annotation(field):
    if "values" in field:
        return Literal[tuple(field["values"])]
    return {"integer": int, "number": float, "boolean": bool}[field["type"]]


def definition(field):
    limits = {"ge": field["min"], "le": field["max"]} if "min" in field else {}
    if field["required"]:
        return annotation(field), Field(**limits)
    return Optional[annotation(field)], Field(default=None, **limits)


Record = create_model(
    "Record",
    __config__={"extra": "forbid"},
    **{field["name"]: definition(field) for field in model["fields"]},
)


class PredictRequest(BaseModel):
    records: list[Record] = Field(min_length=1, max_length=10_000)


class PredictResponse(BaseModel):
    predictions: list[float]


app = FastAPI()


@app.post("/predict")
def predict(request: PredictRequest) -> PredictResponse:
    frame = pd.DataFrame([record.model_dump() for record in request.records]).fillna(0)
    return PredictResponse(predictions=pipeline.predict(frame).tolist())
