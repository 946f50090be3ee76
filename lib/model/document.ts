import type { output } from "zod";
import { FEATURES } from "../features/table.ts";
import type { documentSchema } from "./document_schema.ts";

/** Value of the document's `format`. */
export const FORMAT = "retail-demand-model";

/** Version of the document that this code writes, and the only one it reads. */
export const VERSION = 4;

/** A type's place is its code; see `encodeValue()`. */
export const STORE_TYPES = FEATURES.find((feature) => feature.name === "Type")!.values;

/** The document of a model file. */
export type Document = output<typeof documentSchema>;
