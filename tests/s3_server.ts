import { resolve } from "node:path";
import { type ExtraEnvironment, extraTool, installExtra } from "../tasks/extra_environment.ts";

/** Where rclone is. */
const RCLONE: ExtraEnvironment = { folder: "tests/s3_server", content: "rclone" };

/** A server that speaks S3 and checks signatures. Its buckets are folders. */
export interface S3Server extends AsyncDisposable {
  url: string;
}

/**
 * Starts `rclone serve s3` on a free port of this machine.
 *
 * @param folder Holds the buckets.
 * @param key The one whose requests it takes, and its secret.
 */
export async function startS3(
  folder: string,
  key: { id: string; secret: string },
): Promise<S3Server> {
  await installExtra(RCLONE);
  const child = new Deno.Command(resolve(extraTool(RCLONE, "rclone")), {
    args: ["serve", "s3", "--addr=127.0.0.1:0", "--config=", folder],
    env: { RCLONE_AUTH_KEY: `"${key.id},${key.secret}"` },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "", url: string | undefined;
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  while (url === undefined) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`rclone did not start: ${said}`);
    said += value;
    url = /Starting s3 server on \[(http:\/\/127\.0\.0\.1:\d+)\//.exec(said)?.[1];
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await reader.cancel();
      await child.status;
    },
  };
}
