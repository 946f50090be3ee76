/**
 * Measures what a one-record request costs without HTTP, step by step, in a process that does
 * nothing else. Prints an `AnswerOutcome`.
 */

import { emptyColumns, readRecords } from "../../lib/features/read_records.ts";
import { readModel } from "../../lib/model/file.ts";
import { forecast, makeWorkspace } from "../../lib/model/predict.ts";
import { predictEnsemble } from "../../lib/trees/mod.ts";
import { median } from "../statistics.ts";

/** Which model answers, and a file of bodies, one a line. */
export interface AnswerRequest {
  model: string;
  bodies: string;
}

/** Microseconds a record, each step by itself. */
export interface AnswerOutcome {
  /** The request's JSON into objects. */
  parse: number;
  /** Objects into checked columns. */
  check: number;
  /** Columns into a forecast: the history's features, and the trees. */
  forecast: number;
  /** The trees' part of it. */
  trees: number;
  /** The answer into JSON. */
  write: number;
  /** All of these one after the other, from text to text. */
  all: number;
}

const ROUNDS = 15, WARM_UP = 5;

if (import.meta.main) {
  const request: AnswerRequest = JSON.parse(Deno.args[0]!);
  const model = await readModel(request.model);
  const bodies = (await Deno.readTextFile(request.bodies)).trimEnd().split("\n");
  // As the server does it, every record has the memory of the one before.
  const makeMemory = () => {
    const columns = emptyColumns(1);
    return { columns, workspace: makeWorkspace(model, columns) };
  };
  const memory = makeMemory();
  const parse = (body: string): { records: unknown[] } => JSON.parse(body);
  const check = ({ records }: { records: unknown[] }, { columns } = memory) =>
    readRecords(records, 100, columns).columns;
  const answer = ({ columns, workspace } = memory) =>
    forecast(model, columns, workspace).predictions;
  const write = (predictions: Float64Array) => JSON.stringify({ predictions: [...predictions] });

  const parsed = bodies.map(parse);
  const filled = parsed.map((body) => {
    const each = makeMemory();
    check(body, each);
    return each;
  });
  const answers = filled.map(answer);
  const outcome: AnswerOutcome = {
    parse: microseconds(bodies, parse),
    check: microseconds(parsed, (body) => check(body)),
    forecast: microseconds(filled, answer),
    trees: microseconds(
      filled,
      ({ workspace: { values, predictions } }) =>
        predictEnsemble(model.ensemble, values, predictions),
    ),
    write: microseconds(answers, write),
    all: microseconds(bodies, (body) => {
      check(parse(body));
      return write(answer());
    }),
  };
  console.log(JSON.stringify(outcome));
}

/** What `work` takes an item: the middle of several rounds over all, after warming up. */
function microseconds<Item>(items: Item[], work: (item: Item) => unknown): number {
  const rounds = Array.from({ length: WARM_UP + ROUNDS }, () => {
    const start = performance.now();
    let last: unknown;
    for (const item of items) last = work(item);
    // Nobody may find out that the results are not looked at.
    if (last === undefined) throw new Error("Expected a result, but found none");
    return (performance.now() - start) * 1000 / items.length;
  });
  return median(rounds.slice(WARM_UP));
}
