import { type BinnedTable, binsByCode } from "./binned_table.ts";

/** Makes a function that gives the bins of a row of a training table, in memory used again. */
export function createTableReader(table: BinnedTable): (row: number) => Uint8Array {
  const { codes, bundles } = table.narrow;
  const stride = bundles.length;
  const binOfCode = table.features.map((_, feature) => binsByCode(table, feature));
  const bundleOf = Uint8Array.from(table.places, ({ bundle }) => bundle);
  const bins = new Uint8Array(table.features.length);
  return (row) => {
    for (let feature = 0; feature < bins.length; feature++) {
      bins[feature] = binOfCode[feature]![codes[row * stride + bundleOf[feature]!]!]!;
    }
    return bins;
  };
}
