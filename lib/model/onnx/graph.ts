import {
  type Attribute,
  type Column,
  DATA_TYPES,
  type DataType,
  type GraphProto,
  type Tensor,
} from "./proto.ts";

/** The operators beside ONNX's own: those for trees and tables. */
export const ML_DOMAIN = "ai.onnx.ml";

/** A graph in the making. Values are known by their names, all of shape [N] where not said else. */
export class Graph {
  readonly #proto: GraphProto;
  #count = 0;

  constructor(name: string) {
    this.#proto = { name, nodes: [], initializers: [], inputs: [], outputs: [] };
  }

  /** The finished graph. */
  get proto(): GraphProto {
    return this.#proto;
  }

  input(column: Column): string {
    this.#proto.inputs.push(column);
    return column.name;
  }

  /** Names a value as an output. */
  output(column: Column, value: string): void {
    this.#add("Identity", [value], {}, "", column.name);
    this.#proto.outputs.push(column);
  }

  /** A constant tensor; without `dims` of one dimension. */
  constant(data: Tensor["data"], dims: number[] = [data.length]): string {
    const name = this.#name("constant");
    this.#proto.initializers.push({ name, dims, data });
    return name;
  }

  /** A constant number. */
  double(value: number): string {
    return this.constant(Float64Array.of(value), []);
  }

  /** A constant whole number. */
  int(value: number): string {
    return this.constant(BigInt64Array.of(BigInt(value)), []);
  }

  /** The result of an operation. */
  op(name: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    return this.#add(name, inputs, attributes, "");
  }

  /** The result of an operation of {@linkcode ML_DOMAIN}. */
  mlOp(name: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    return this.#add(name, inputs, attributes, ML_DOMAIN);
  }

  cast(value: string, to: DataType): string {
    return this.op("Cast", [value], { to: DATA_TYPES[to] });
  }

  /** `values[index]` of a table of one dimension, by indices within it. */
  gather(values: string, index: string): string {
    return this.op("Gather", [values, index], { axis: 0 });
  }

  /** `yes` where `condition` holds, else `no`. */
  where(condition: string, yes: string, no: string): string {
    return this.op("Where", [condition, yes, no]);
  }

  /** [N] made [N, 1]. */
  unsqueeze(value: string): string {
    return this.op("Unsqueeze", [value, this.constant(BigInt64Array.of(1n))]);
  }

  #add(
    op: string,
    inputs: string[],
    attributes: Record<string, Attribute>,
    domain: string,
    name = this.#name(op.toLowerCase()),
  ): string {
    this.#proto.nodes.push({ op, domain, inputs, outputs: [name], attributes });
    return name;
  }

  #name(kind: string): string {
    return `${kind}_${this.#count++}`;
  }
}
