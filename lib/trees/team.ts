/**
 * Threads that grow the same tree, each over rows of its own. All take the same decisions, since
 * they see the same sums.
 */
export interface Team {
  /** Number of this thread. */
  index: number;
  /** How many threads there are. */
  size: number;
  /** Replaces numbers by their sums over all threads; whole numbers, so that the order is free. */
  sum(values: Float64Array): void;
}

/** A team of one. */
export const ALONE: Team = { index: 0, size: 1, sum() {} };

/** Memory that a team shares; plain data, so that it can be sent to workers. */
export interface TeamMemory {
  size: number;
  /** Numbers that each thread can hand over at a time. */
  capacity: number;
  buffer: SharedArrayBuffer;
}

const HEADER = 16;

/** Makes memory for `size` threads that sum up to `capacity` numbers at a time. */
export function createTeamMemory(size: number, capacity: number): TeamMemory {
  return { size, capacity, buffer: new SharedArrayBuffer(HEADER + 2 * size * capacity * 8) };
}

/** How often to look before sleeping: waking up costs more than the usual wait takes. */
const SPINS = 20_000;

/** Joins a team as thread number `index`. */
export function joinTeam({ size, capacity, buffer }: TeamMemory, index: number): Team {
  const [ARRIVED, ROUND] = [0, 1];
  const header = new Int32Array(buffer, 0, HEADER / 4);
  // Two sets of slots by turns: who is ahead writes into one while others still read the other.
  const slots = [0, 1].map((turn) =>
    Array.from(
      { length: size },
      (_, thread) =>
        new Float64Array(buffer, HEADER + (turn * size + thread) * capacity * 8, capacity),
    )
  );
  let turn = 0;
  const wait = () => {
    const round = Atomics.load(header, ROUND);
    if (Atomics.add(header, ARRIVED, 1) === size - 1) {
      Atomics.store(header, ARRIVED, 0);
      Atomics.add(header, ROUND, 1);
      Atomics.notify(header, ROUND);
      return;
    }
    for (let i = 0; i < SPINS; i++) if (Atomics.load(header, ROUND) !== round) return;
    while (Atomics.load(header, ROUND) === round) Atomics.wait(header, ROUND, round);
  };
  const sum = (values: Float64Array) => {
    const now = slots[turn]!;
    turn = 1 - turn;
    now[index]!.set(values);
    wait();
    for (let thread = 0; thread < size; thread++) {
      if (thread === index) continue;
      const other = now[thread]!;
      for (let i = 0; i < values.length; i++) values[i] = values[i]! + other[i]!;
    }
  };
  return { index, size, sum };
}
