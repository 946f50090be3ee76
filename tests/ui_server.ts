import { join } from "node:path";
import { encodeCard } from "../lib/evaluation/card/card.ts";
import { cardPath } from "../lib/evaluation/card/file.ts";
import { smallCard, smallModel, smallSales } from "../lib/evaluation/testing.ts";

/** A program that serves, until it is disposed of. */
export interface Server extends AsyncDisposable {
  url: string;
}

/** Writes two models of three stores, `gbr` and `seasonal`, with their cards, into a new folder. */
export async function makeModels(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "retail-demand-ui-" });
  const sales = smallSales(143);
  for (const name of ["gbr", "seasonal"] as const) {
    const file = join(folder, `${name}.json`), text = await smallModel(name, {}, sales);
    await Deno.writeTextFile(file, text);
    const card = smallCard(name, (JSON.parse(text) as { checksum: string }).checksum);
    await Deno.writeTextFile(cardPath(file), encodeCard(card));
  }
  return folder;
}

/** Starts the prediction API on a folder of models. */
export async function startApi(
  models: string,
  port = 0,
  env: Record<string, string> = {},
): Promise<Server> {
  return await start(["run", "-q", "--no-check", "-A", "api/serve.ts"], {
    ...env,
    MODELS_DIR: models,
    PORT: `${port}`,
  });
}

/** Starts the pages' server as `deno task ui` does, with the rights that it has there. */
export async function startUi(apiUrl: string): Promise<Server> {
  const args = ["run", "-q", "--no-check", "--no-prompt", "-P=ui", "ui/serve.ts"];
  return await start(args, { API_URL: apiUrl, API_TIMEOUT: "5", API_RETRIES: "1", PORT: "0" });
}

async function start(args: string[], env: Record<string, string>): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const url = await Promise.race([
    addressIn(child.stdout),
    addressIn(child.stderr),
    child.status.then(({ code }) => {
      throw new Error(`deno ${args.join(" ")} ended with code ${code} before it listened`);
    }),
  ]);
  return {
    url,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      await child.status;
    },
  };
}

/** The first address that a program prints; what it prints later is thrown away. */
function addressIn(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    void stream.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(part) {
          text = (text + part).slice(-10_000);
          const found = /http:\/\/[\w.]+:\d+/.exec(text);
          if (found) resolve(found[0]);
        },
      }),
    ).catch(() => {});
  });
}
