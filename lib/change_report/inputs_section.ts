import type { Comparison } from "./comparison.ts";
import { type Difference, differences } from "./differences.ts";
import { code, table } from "./markdown.ts";
import type { FileFacts } from "./result_set.ts";

/** More would not be read. */
const MOST = 5;

/** Parameters, raw tables and program files that are not what they were on the base. */
export function inputsSection({ base, before, now }: Comparison): string {
  if (!before) return "";
  const parameters = differences(before.parameters, now.parameters);
  const data = differences(before.data, now.data);
  const programs = differences(before.made.programs, now.made.programs);
  const lines = ["### What changed", ""];
  if (parameters.length + data.length + programs.length === 0) {
    return [...lines, "Neither parameters, data nor programs of the pipeline."].join("\n");
  }
  const changed = [
    ...parameters.map(row(showValue)),
    ...data.map(row(showFile)),
  ];
  if (changed.length > 0) {
    lines.push(table(["Parameter or table", `on ${code(base)}`, "now"], changed), "");
  }
  if (programs.length > 0) {
    const named = programs.slice(0, MOST).map(({ name }) => code(name)).join(", ");
    const more = programs.length > MOST ? ` and ${programs.length - MOST} more` : "";
    lines.push(`Programs of the pipeline: ${named}${more}.`);
  }
  return lines.join("\n").trimEnd();
}

function row<T>(show: (value: T) => string): (difference: Difference<T>) => string[] {
  const cell = (value: T | undefined) => value === undefined ? "not there" : show(value);
  return ({ name, before, now }) => [code(name), cell(before), cell(now)];
}

function showValue(value: unknown): string {
  return code(JSON.stringify(value));
}

function showFile({ md5, size }: FileFacts): string {
  const bytes = size === undefined ? "" : `, ${size.toLocaleString("en-US")} bytes`;
  return `${code(md5.slice(0, 8))}${bytes}`;
}
