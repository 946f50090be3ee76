import { samplePlace } from "./random.ts";
import { release } from "./release.ts";

/** Codes below 256 or 65,536. */
export type Codes = Uint8Array | Uint16Array;

/**
 * A column that stands for several: each combination of their codes that occurs has one code of its
 * own, so nothing is lost.
 */
export interface Bundle {
  /** Numbers of the columns it stands for. */
  columns: number[];
  /** How many combinations occur. */
  size: number;
  /** Code of column `columns[i]` in combination `c`: `parts[c * columns.length + i]`. */
  parts: Codes;
}

/** Columns gathered in bundles: one column of codes a bundle. */
export interface BundledColumns {
  bundles: Bundle[];
  columns: Codes[];
}

/** Bundles with their codes laid out for histograms. */
export interface Bundling {
  bundles: Bundle[];
  /** Row by row: `codes[row * bundles.length + bundle]`; in memory that workers share. */
  codes: Codes;
  /** First slot of each bundle in a histogram over bundles, and the number of slots at the end. */
  starts: Uint32Array;
}

/** Rows by which it is decided which columns go together. */
const SAMPLE = 8192;

/** Columns that go together, and how: two groups joined, or one column. */
interface Group {
  columns: number[];
  parts: [Group, Group] | undefined;
  /** Codes of the sample's rows, and how many there are. */
  sample: Codes;
  size: number;
}

/**
 * Gathers columns that depend on each other, so that a histogram needs one addition a bundle and not
 * one a column. In a panel of stores and weeks most columns are functions of store and week: their
 * values come in few of all conceivable combinations.
 *
 * Pairs are joined greedily, those first whose joint number of combinations is smallest against
 * what independent columns would have. LightGBM's exclusive feature bundling (Ke et al. 2017) joins
 * columns that are seldom nonzero together; this joins columns that determine each other.
 *
 * @param columns One array of codes a column; a bundle of one column has its array.
 * @param sizes Number of codes of each column.
 * @param limit Most combinations of a bundle, at most 65,536; columns with more stay alone.
 */
export function findBundles(columns: Codes[], sizes: number[], limit: number): BundledColumns {
  const groups = groupColumns(columns, sizes, limit);
  const number = createNumbering(columns, limit);
  const result: BundledColumns = { bundles: [], columns: [] };
  for (const waiting = groups.toReversed(); waiting.length > 0;) {
    const group = waiting.pop()!;
    const numbered = number.group(group, sizes);
    // What the sample did not show: too many combinations. Then its parts have to do.
    if (!numbered) waiting.push(group.parts![1], group.parts![0]);
    else {
      result.bundles.push(numbered.bundle);
      result.columns.push(numbered.codes);
    }
  }
  number.end();
  return result;
}

function groupColumns(columns: Codes[], sizes: number[], limit: number): Group[] {
  const rows = columns[0]?.length ?? 0;
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  const takeSample = (codes: Codes) => {
    const sample = new Uint16Array(Math.ceil(rows / step));
    for (let i = 0; i < sample.length; i++) sample[i] = codes[samplePlace(i, step, rows)]!;
    return sample;
  };
  const groups: Group[] = columns.map((codes, column) => ({
    columns: [column],
    parts: undefined,
    sample: takeSample(codes),
    size: sizes[column]!,
  }));
  const countPairs = createPairCounter(limit);
  // What a pair's joint codes take, against independent columns; Infinity where they are too many.
  const scores = new Map<Group, Map<Group, number>>();
  const scoreOf = (a: Group, b: Group) => {
    const ofA = scores.get(a) ?? new Map<Group, number>();
    scores.set(a, ofA);
    let score = ofA.get(b);
    if (score === undefined) {
      const size = countPairs(a.sample, b.sample, b.size);
      score = size < 0 ? Infinity : Math.log(size + 1) / Math.log((a.size + 1) * (b.size + 1));
      ofA.set(b, score);
    }
    return score;
  };
  for (;;) {
    let best = Infinity, first = -1, second = -1;
    for (let i = 0; i < groups.length; i++) {
      for (let j = i + 1; j < groups.length; j++) {
        const score = scoreOf(groups[i]!, groups[j]!);
        if (score < best) [best, first, second] = [score, i, j];
      }
    }
    if (best === Infinity) return groups;
    const a = groups[first]!, b = groups[second]!;
    const sample = new Uint16Array(a.sample.length);
    const size = countPairs(a.sample, b.sample, b.size, sample);
    groups.splice(second, 1);
    groups.splice(first, 1);
    groups.push({ columns: [...a.columns, ...b.columns], parts: [a, b], sample, size });
  }
}

/** Places of a hash table for `limit` keys, at most half full. */
function tableSize(limit: number): number {
  return 2 ** Math.ceil(Math.log2(limit * 2 + 2));
}

/**
 * Makes a function that counts the different pairs of two columns' codes, or gives -1 where they are
 * more than `limit`; it numbers them in the order in which they occur, into `result` where given.
 */
function createPairCounter(limit: number) {
  const mask = tableSize(limit) - 1;
  const places = new Int32Array(mask + 1);
  const keys = new Int32Array(limit);
  return (a: Codes, b: Codes, sizeB: number, result?: Uint16Array): number => {
    places.fill(-1);
    let size = 0;
    for (let row = 0; row < a.length; row++) {
      const key = (a[row]! * sizeB + b[row]!) | 0;
      const mixed = Math.imul(key, 0x9e3779b1);
      let place = (mixed ^ (mixed >>> 15)) & mask;
      let code = places[place]!;
      while (code >= 0 && keys[code] !== key) {
        place = (place + 1) & mask;
        code = places[place]!;
      }
      if (code < 0) {
        if (size === limit) return -1;
        code = size++;
        places[place] = code;
        keys[code] = key;
      }
      if (result) result[row] = code;
    }
    return size;
  };
}

/** A group's combinations, numbered. */
interface Numbered {
  bundle: Bundle;
  codes: Codes;
}

/**
 * Makes a function that numbers the combinations of a group's columns that occur in the rows, in the
 * order in which they do; it gives `undefined` where they are more than `limit`.
 */
function createNumbering(columns: Codes[], limit: number) {
  const rows = columns[0]?.length ?? 0;
  const mask = tableSize(limit) - 1;
  const places = new Int32Array(mask + 1);
  const hashes = new Int32Array(rows);
  const numberGroup = (group: Group, sizes: number[]): Numbered | undefined => {
    const inGroup = group.columns.map((column) => columns[column]!);
    const width = inGroup.length;
    const Parts = inGroup.some((codes) => codes instanceof Uint16Array) ? Uint16Array : Uint8Array;
    if (width === 1) {
      const size = sizes[group.columns[0]!]!;
      const parts = new Parts(size);
      for (let code = 0; code < size; code++) parts[code] = code;
      return { bundle: { columns: group.columns, size, parts }, codes: inGroup[0]! };
    }
    hashes.fill(0);
    for (const codes of inGroup) {
      for (let row = 0; row < rows; row++) {
        const mixed = Math.imul(hashes[row]! ^ codes[row]!, 0x9e3779b1);
        hashes[row] = mixed ^ (mixed >>> 15);
      }
    }
    places.fill(-1);
    const parts = new Parts(limit * width);
    const codes = limit <= 256 ? new Uint8Array(rows) : new Uint16Array(rows);
    const isSame = (code: number, row: number) => {
      for (let i = 0; i < width; i++) {
        if (parts[code * width + i] !== inGroup[i]![row]) return false;
      }
      return true;
    };
    let size = 0;
    for (let row = 0; row < rows; row++) {
      let place = hashes[row]! & mask;
      let code = places[place]!;
      while (code >= 0 && !isSame(code, row)) {
        place = (place + 1) & mask;
        code = places[place]!;
      }
      if (code < 0) {
        if (size === limit) {
          release(codes);
          return undefined;
        }
        code = size++;
        places[place] = code;
        for (let i = 0; i < width; i++) parts[code * width + i] = inGroup[i]![row]!;
      }
      codes[row] = code;
    }
    return { bundle: { columns: group.columns, size, parts: parts.slice(0, size * width) }, codes };
  };
  return { group: numberGroup, end: () => release(hashes) };
}

/** Lays bundles' codes out row by row. */
export function layOut({ bundles, columns }: BundledColumns, rows: number): Bundling {
  const width = bundles.length;
  const starts = new Uint32Array(width + 1);
  for (const [i, { size }] of bundles.entries()) starts[i + 1] = starts[i]! + size;
  const isNarrow = bundles.every(({ size }) => size <= 256);
  const codes = isNarrow
    ? new Uint8Array(new SharedArrayBuffer(rows * width))
    : new Uint16Array(new SharedArrayBuffer(rows * width * 2));
  for (const [i, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) codes[row * width + i] = column[row]!;
  }
  return { bundles, codes, starts };
}
