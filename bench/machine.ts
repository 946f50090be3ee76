import { cpus } from "node:os";
import config from "../deno.json" with { type: "json" };
import { runPeer } from "./alone.ts";
import type { MachineFacts } from "./results.ts";

/** The machine's facts. */
export function machineFacts(): MachineFacts {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memory_gb: Number((Deno.systemMemoryInfo().total / 1e9).toFixed(1)),
    os: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
  };
}

/** Versions of Deno and of V8. */
export function ownVersions(): Record<string, string> {
  return { deno: Deno.version.deno, v8: Deno.version.v8 };
}

/** Versions of npm's peer, and of Python with its packages; the peers must be installed. */
export async function peerVersions(): Promise<Record<string, string>> {
  return {
    "ml-random-forest": config.imports["ml-random-forest"].split("@").at(-1)!,
    ...await runPeer<Record<string, string>>("versions", { threads: 1 }),
  };
}
