/**
 * Threads that grow the same tree, each over rows of its own. All take the same decisions, since
 * they see the same sums.
 */
export interface Team {
  /** Number of this thread. */
  index: number;
  /** How many threads there are. */
  size: number;
  /** What all of them read and write. */
  shared: Float64Array;
  /** Waits until all threads have come here; what each wrote before, all can read after. */
  wait(): void;
  /**
   * Number of the next task that is still free since the threads last waited for each other, from 0
   * on: whoever is done first takes the next.
   */
  takeTask(): number;
}

/** Makes a team of one with memory for so many numbers. */
export function workAlone(capacity: number): Team {
  let task = 0;
  return {
    index: 0,
    size: 1,
    shared: new Float64Array(capacity),
    wait: () => task = 0,
    takeTask: () => task++,
  };
}

/** Memory that a team shares; plain data, so that it can be sent to workers. */
export interface TeamMemory {
  size: number;
  buffer: SharedArrayBuffer;
}

const HEADER = 16;

/** Makes memory for `size` threads and so many numbers. */
export function createTeamMemory(size: number, capacity: number): TeamMemory {
  return { size, buffer: new SharedArrayBuffer(HEADER + capacity * 8) };
}

/** How often to look before sleeping: waking up costs more than the usual wait takes. */
const SPINS = 20_000;

/** Joins a team as thread number `index`. */
export function joinTeam({ size, buffer }: TeamMemory, index: number): Team {
  const [ARRIVED, ROUND, TASK] = [0, 1, 2];
  const header = new Int32Array(buffer, 0, HEADER / 4);
  const wait = () => {
    const round = Atomics.load(header, ROUND);
    if (Atomics.add(header, ARRIVED, 1) === size - 1) {
      Atomics.store(header, ARRIVED, 0);
      Atomics.store(header, TASK, 0);
      Atomics.add(header, ROUND, 1);
      Atomics.notify(header, ROUND);
      return;
    }
    for (let i = 0; i < SPINS; i++) if (Atomics.load(header, ROUND) !== round) return;
    while (Atomics.load(header, ROUND) === round) Atomics.wait(header, ROUND, round);
  };
  const takeTask = () => Atomics.add(header, TASK, 1);
  return { index, size, shared: new Float64Array(buffer, HEADER), wait, takeTask };
}
