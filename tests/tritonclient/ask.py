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
    inputs = []
    for each in metadata["inputs"]:
        if each["name"] not in columns:
            continue
        values = np.array(columns[each["name"]], dtype=DTYPES[each["datatype"]])
        tensor = InferInput(each["name"], values.shape, each["datatype"])
        tensor.set_data_from_numpy(values, binary_data=False)
        inputs.append(tensor)
    plain = client.infer(model, inputs, request_id="asked")
    version = metadata["versions"][0]
    # Outputs are asked for as binary by default; the server may answer JSON.
    wanted = [InferRequestedOutput(name) for name in ("lower_80", "upper_80")]
    bounds = client.infer(model, inputs, model_version=version, outputs=wanted)
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
        "id": plain.get_response()["id"],
        "prediction": plain.as_numpy("prediction").tolist(),
        "lower_80": bounds.as_numpy("lower_80").tolist(),
        "upper_80": bounds.as_numpy("upper_80").tolist(),
        "refusals": refusals,
    }))


main(*sys.argv[1:])
