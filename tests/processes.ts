/** A running process. */
export interface Process {
  pid: number;
  /** Its command line. */
  command: string;
}

/** Processes that a process started, and those that they started, by `ps`; not on Windows. */
export async function descendants(pid: number): Promise<Process[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid=,args="] })
    .output();
  const rows = new TextDecoder().decode(stdout).split("\n")
    .map((line) => /^ *(\d+) +(\d+) +(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command!,
    }));
  const found: Process[] = [];
  const parents = new Set([pid]);
  for (let size = 0; size !== parents.size;) {
    size = parents.size;
    for (const { pid, parent, command } of rows) {
      if (!parents.has(parent) || parents.has(pid)) continue;
      parents.add(pid);
      found.push({ pid, command });
    }
  }
  return found;
}

/** Waits until a process started a program whose command line matches, at most 30 s. */
export async function waitForChild(pid: number, command: RegExp): Promise<Process> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const child = (await descendants(pid)).find((process) => command.test(process.command));
    if (child) return child;
    await delay(10);
  }
  throw new Error(`process ${pid} started no ${command} within 30 s`);
}

/** Those of `pids` that still run; one that has ended but was not waited for does not. */
export async function running(pids: number[]): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,stat="] }).output();
  const rows = new TextDecoder().decode(stdout).split("\n").map((line) => line.trim().split(/ +/));
  const alive = rows.filter(([, state]) => !state?.startsWith("Z")).map(([pid]) => Number(pid));
  return pids.filter((pid) => alive.includes(pid));
}

/** Waits `milliseconds`. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
