/** A JSON Schema, as far as this project writes them by hand. */
export type Schema = Record<string, unknown>;

/** A schema that stands among the document's components. */
export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export const text: Schema = { type: "string" };
export const number: Schema = { type: "number" };
export const whole: Schema = { type: "integer" };
export const flag: Schema = { type: "boolean" };
export const date: Schema = { type: "string", format: "date" };

export const list = (items: Schema): Schema => ({ type: "array", items });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });

/** An object that has all of its properties but some. */
export const object = (
  properties: Record<string, Schema>,
  optional: readonly string[] = [],
): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
