"""Trees in LightGBM's text format as an ONNX model: one TreeEnsemble of ai.onnx.ml 5, in double."""

import numpy as np
from onnx import AttributeProto, NodeProto, TensorProto, checker, helper, numpy_helper

BRANCH_LEQ, BRANCH_MEMBER = 0, 6
AVERAGE, SUM = 0, 1

# Bits of LightGBM's decision_type.
CATEGORY, MISSING_LEFT = 1, 2


def build(text):
    """The model; input `x` is float64 [rows, features], output `y` float64 [rows, 1]."""
    header, *trees = text.split("\nend of trees")[0].split("\nTree=")
    parts = {name: [] for name in NODES + ["leaf_weights", "members", "tree_roots"]}
    nodes = leaves = 0
    for tree in trees:
        nodes, leaves = append_tree(parts, parse(tree), nodes, leaves)

    node = NodeProto(op_type="TreeEnsemble", domain="ai.onnx.ml", input=["x"], output=["y"])
    joined = {
        name: np.concatenate([np.atleast_1d(part) for part in found]) if found else np.empty(0)
        for name, found in parts.items()
    }
    for name in INTEGERS:
        add_integers(node, name, joined[name])
    add_integers(node, "tree_roots", joined["tree_roots"])
    add_integers(node, "leaf_targetids", np.zeros(leaves))
    add_tensor(node, "nodes_modes", joined["nodes_modes"].astype(np.uint8))
    add_tensor(node, "nodes_splits", joined["nodes_splits"].astype(np.float64))
    add_tensor(node, "leaf_weights", joined["leaf_weights"].astype(np.float64))
    if len(joined["members"]):
        add_tensor(node, "membership_values", joined["members"].astype(np.float64))
    average = "\naverage_output" in header
    for name, value in [
        ("n_targets", 1),
        ("aggregate_function", AVERAGE if average else SUM),
        ("post_transform", 0),
    ]:
        node.attribute.append(helper.make_attribute(name, value))

    features = int(parse(header)["max_feature_idx"]) + 1
    graph = helper.make_graph(
        [node],
        "trees",
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [None, features])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, [None, 1])],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    checker.check_model(model)
    return model


INTEGERS = [
    "nodes_featureids",
    "nodes_truenodeids",
    "nodes_trueleafs",
    "nodes_falsenodeids",
    "nodes_falseleafs",
    "nodes_missing_value_tracks_true",
]
NODES = INTEGERS + ["nodes_modes", "nodes_splits"]


def parse(block):
    return dict(line.split("=", 1) for line in block.split("\n") if "=" in line)


def append_tree(parts, tree, nodes, leaves):
    """Adds a tree behind `nodes` nodes and `leaves` leaves; returns the new numbers of both."""

    def read(name, kind=np.int64):
        return np.array(tree[name].split(), dtype=kind)

    weights = read("leaf_value", np.float64)
    parts["leaf_weights"].append(weights)
    parts["tree_roots"].append(nodes)
    if len(weights) == 1:
        # A tree begins with a split here: one whose sides are the same leaf.
        for name in NODES:
            parts[name].append(0)
        for side in ["true", "false"]:
            parts[f"nodes_{side}nodeids"][-1] = leaves
            parts[f"nodes_{side}leafs"][-1] = 1
        return nodes + 1, leaves + 1

    kinds, splits = read("decision_type"), read("threshold", np.float64)
    categories = (kinds & CATEGORY) != 0
    for side, name in [("true", "left_child"), ("false", "right_child")]:
        child = read(name)
        is_leaf = child < 0
        parts[f"nodes_{side}leafs"].append(is_leaf.astype(np.int64))
        parts[f"nodes_{side}nodeids"].append(np.where(is_leaf, leaves + ~child, nodes + child))
    parts["nodes_featureids"].append(read("split_feature"))
    parts["nodes_missing_value_tracks_true"].append(
        np.where(categories, 0, (kinds & MISSING_LEFT) // MISSING_LEFT)
    )
    parts["nodes_modes"].append(np.where(categories, BRANCH_MEMBER, BRANCH_LEQ))
    parts["nodes_splits"].append(np.where(categories, 0.0, splits))
    if categories.any():
        bounds, words = read("cat_boundaries"), read("cat_threshold", np.uint32)
        bits = np.unpackbits(words.view(np.uint8), bitorder="little")
        for number in splits[categories].astype(np.int64):
            members = np.flatnonzero(bits[32 * bounds[number] : 32 * bounds[number + 1]])
            parts["members"].append(np.append(members.astype(np.float64), np.nan))
    return nodes + len(kinds), leaves + len(weights)


def add_integers(node, name, values):
    attribute = AttributeProto(name=name, type=AttributeProto.INTS)
    attribute.ints.extend(values.astype(np.int64).tolist())
    node.attribute.append(attribute)


def add_tensor(node, name, values):
    tensor = numpy_helper.from_array(values)
    node.attribute.append(AttributeProto(name=name, type=AttributeProto.TENSOR, t=tensor))
