import assert from "node:assert/strict";
import { fillMissing, tableBytes, tableParts, thinRows } from "./table.ts";

const columns = [Float64Array.of(1, 2, NaN, 4, 5), Float64Array.of(10, 20, 30, 40, 50)];
const targets = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5);

Deno.test("tableParts() gives back what tableBytes() took, training rows and test rows apart", () => {
  const bytes = tableBytes({ columns, targets }, Uint8Array.of(0, 1, 0, 1, 0));
  assert.equal(bytes.length, 3 * 5 * 8);
  const parts = tableParts(new Float64Array(bytes.buffer), { rows: 5, trainRows: 3 });
  assert.deepEqual(parts, {
    train: {
      columns: [Float64Array.of(1, NaN, 5), Float64Array.of(10, 30, 50)],
      targets: Float64Array.of(0.1, 0.3, 0.5),
    },
    test: {
      columns: [Float64Array.of(2, 4), Float64Array.of(20, 40)],
      targets: Float64Array.of(0.2, 0.4),
    },
  });
});

Deno.test("thinRows() spreads its rows over all, and takes all where there are no more", () => {
  const { columns: thin, targets: thinTargets } = thinRows({ columns, targets }, 2);
  assert.deepEqual(thin, [Float64Array.of(1, NaN), Float64Array.of(10, 30)]);
  assert.deepEqual(thinTargets, Float64Array.of(0.1, 0.3));
  assert.equal(thinRows({ columns, targets }, 5).targets, targets);
});

Deno.test("fillMissing() puts 0 for NaN in the features, and changes no other value", () => {
  const filled = fillMissing({ columns, targets });
  assert.deepEqual(filled.columns, [Float64Array.of(1, 2, 0, 4, 5), columns[1]]);
  assert.ok(Number.isNaN(columns[0]![2]));
});
