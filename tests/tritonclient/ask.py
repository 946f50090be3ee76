"""Asks a server by NVIDIA's client of the Open Inference Protocol, and prints what it says as JSON.

Usage: ask.py HOST:PORT MODEL < RECORDS, which are columns of values by feature.
"""

import json
import sys

import numpy as np
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

DTYPES = {"INT64": np.int64, "FP64": np.float64, "BOOL": np.bool_, "BYTES": np.object_}


def main(url: str, model: str) -> None:
    client = InferenceServerClient(url)
    metadata = client.get_model_metadata(model)
    columns = json.load(sys.stdin)
    inputs, as_json = [], []
    for each in metadata["inputs"]:
        name, datatype = each["name"], each["datatype"]
        if name not in columns:
            continue
        # None becomes NaN, which is missing here too.
        values = np.array(columns[name], dtype=DTYPES[datatype])
        for tensors, options in ((inputs, {}), (as_json, {"binary_data": False})):
            if options and datatype == "FP64":
                continue
            tensor = InferInput(name, values.shape, datatype)
            tensor.set_data_from_numpy(values, **options)
            tensors.append(tensor)
    plain = client.infer(model, inputs, request_id="asked")
    version = metadata["versions"][0]
    wanted = [InferRequestedOutput(name) for name in ("lower_80", "upper_80")]
    bounds = client.infer(model, inputs, model_version=version, outputs=wanted)
    # All as JSON, and both in one request.
    no_bytes = [InferRequestedOutput("prediction", binary_data=False)]
    plain_json = client.infer(model, as_json, outputs=no_bytes)
    mixed = client.infer(model, as_json[:2] + inputs[2:], outputs=wanted[:1] + no_bytes)
    refusals = []
    for ask in (
        lambda: client.infer("none", inputs),
        lambda: client.infer(model, inputs[1:]),
    ):
        try:
            ask()
        except InferenceServerException as error:
            refusals.append([error.status(), error.message()])
    print(json.dumps({
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "model_ready": [client.is_model_ready(name) for name in (model, "none")],
        "server": client.get_server_metadata()["name"],
        "extensions": client.get_server_metadata()["extensions"],
        "id": plain.get_response()["id"],
        "is_binary": [
            "data" not in answer.get_output("prediction") for answer in (plain, plain_json, mixed)
        ],
        "as_json": plain_json.as_numpy("prediction").tolist(),
        "mixed": [mixed.as_numpy(name).tolist() for name in ("prediction", "lower_80")],
        "prediction": plain.as_numpy("prediction").tolist(),
        "lower_80": bounds.as_numpy("lower_80").tolist(),
        "upper_80": bounds.as_numpy("upper_80").tolist(),
        "refusals": refusals,
    }))


main(*sys.argv[1:])
