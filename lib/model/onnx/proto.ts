import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/**
 * The part of ONNX's messages that we write; names and field numbers are those of
 * {@link https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 | onnx.proto3}.
 *
 * @module
 */

/** `TensorProto.DataType` by name. */
export const DATA_TYPES = { int16: 5, int64: 7, string: 8, bool: 9, double: 11, uint8: 2 } as const;

/** An element type of tensors. */
export type DataType = keyof typeof DATA_TYPES;

/** A constant tensor: its shape, and its elements in row-major order. */
export interface Tensor {
  name: string;
  dims: number[];
  data: Float64Array | BigInt64Array | Int16Array | Uint8Array;
}

/** Value of an attribute; numbers are integers, as are those of arrays. */
export type Attribute = number | string | number[] | string[] | Tensor;

/** An operation. */
export interface Node {
  op: string;
  /** `""`: ONNX's own operators. */
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
}

/** An input or an output: a tensor of shape [N]. */
export interface Column {
  name: string;
  type: DataType;
  /** A sentence for people. */
  description: string;
}

/** A graph, its nodes in an order in which they can be run. */
export interface GraphProto {
  name: string;
  nodes: Node[];
  initializers: Tensor[];
  inputs: Column[];
  outputs: Column[];
}

/** A whole file. */
export interface ModelProto {
  graph: GraphProto;
  /** Version by operator set. */
  opsets: Record<string, number>;
  producer: string;
  description: string;
  metadata: Record<string, string>;
}

/** The version of the format that these messages are of. */
const IR_VERSION = 10;

/** Bytes of an .onnx file. */
export function encodeModelProto(model: ModelProto): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  text(writer, 2, model.producer);
  text(writer, 6, model.description);
  message(writer, 7, () => writeGraph(writer, model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    message(writer, 8, () => {
      text(writer, 1, domain);
      int(writer, 2, version);
    });
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, () => {
      text(writer, 1, key);
      text(writer, 2, value);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: GraphProto): void {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, () => writeTensor(writer, tensor));
  for (const column of graph.inputs) message(writer, 11, () => writeColumn(writer, column));
  for (const column of graph.outputs) message(writer, 12, () => writeColumn(writer, column));
}

function writeNode(writer: BinaryWriter, { op, domain, inputs, outputs, attributes }: Node): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  // A node's name is its first output's, which is the only one of that name.
  text(writer, 3, outputs[0]!);
  text(writer, 4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, () => writeAttribute(writer, name, value));
  }
  text(writer, 7, domain);
}

/** `AttributeProto.AttributeType`. */
const INT = 2, STRING = 3, TENSOR = 4, INTS = 7, STRINGS = 8;

function writeAttribute(writer: BinaryWriter, name: string, value: Attribute): void {
  text(writer, 1, name);
  if (typeof value === "number") {
    int(writer, 3, value);
    int(writer, 20, INT);
  } else if (typeof value === "string") {
    text(writer, 4, value);
    int(writer, 20, STRING);
  } else if (!Array.isArray(value)) {
    message(writer, 5, () => writeTensor(writer, value));
    int(writer, 20, TENSOR);
  } else if (typeof value[0] === "string") {
    for (const item of value) text(writer, 9, item as string);
    int(writer, 20, STRINGS);
  } else {
    packed(writer, 8, value as number[]);
    int(writer, 20, INTS);
  }
}

function writeTensor(writer: BinaryWriter, { name, dims, data }: Tensor): void {
  packed(writer, 1, dims);
  int(writer, 2, DATA_TYPES[dataTypeOf(data)]);
  text(writer, 8, name);
  // Little-endian by the format's rule, as all of Deno's platforms are.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

/** The element type that an array's elements are written as. */
export function dataTypeOf(data: Tensor["data"]): DataType {
  if (data instanceof Float64Array) return "double";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int16Array ? "int16" : "uint8";
}

function writeColumn(writer: BinaryWriter, { name, type, description }: Column): void {
  text(writer, 1, name);
  message(writer, 2, () =>
    message(writer, 1, () => {
      int(writer, 1, DATA_TYPES[type]);
      message(writer, 2, () => message(writer, 1, () => text(writer, 2, "N")));
    }));
  text(writer, 3, description);
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function packed(writer: BinaryWriter, field: number, values: number[]): void {
  message(writer, field, () => {
    for (const value of values) writer.int64(value);
  });
}
