import assert from "node:assert/strict";
import { type ExtraEnvironment, extraTool, installExtra } from "../tasks/extra_environment.ts";
import { makeModels, startApi } from "./ui_server.ts";

/** Where the client is. */
const CLIENT: ExtraEnvironment = { folder: "tests/tritonclient", content: "Tritonclient" };

Deno.test("NVIDIA's client of the Open Inference Protocol is answered as POST /predict is", async () => {
  await installExtra(CLIENT);
  const models = await makeModels();
  try {
    await using server = await startApi(models);
    const { example } = await (await fetch(`${server.url}/models/gbr`)).json();
    const records: Record<string, unknown>[] = [example, { ...example, Dept: 2, CPI: 211.5 }];
    const predict = await fetch(`${server.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model_name: "gbr", records, intervals: [80] }),
    });
    const { predictions, intervals: [{ lower, upper }] } = await predict.json();
    const names = Object.keys(example).filter((name) => example[name] !== null || name === "CPI");
    const columns = names.map((name) => [name, records.map((record) => record[name])]);

    const { refusals, ...said } = await ask(server.url, Object.fromEntries(columns));
    assert.deepEqual(said, {
      live: true,
      ready: true,
      model_ready: [true, false],
      server: "retail-demand",
      extensions: ["binary_tensor_data"],
      id: "asked",
      is_binary: [true, false, false],
      as_json: predictions,
      mixed: [predictions, lower],
      prediction: predictions,
      lower_80: lower,
      upper_80: upper,
    });
    const [unknown, missing] = refusals as [string, string][];
    assert.deepEqual(unknown, ["404", 'There is no model "none". There are gbr and seasonal.']);
    assert.equal(missing![0], "400");
    assert.match(missing![1], /^Record 0: Expected .* for Store, but found nothing/);
  } finally {
    await Deno.remove(models, { recursive: true });
  }
});

/** What the client was answered by a server about the model `gbr`. */
async function ask(
  url: string,
  columns: Record<string, unknown[]>,
): Promise<Record<string, unknown>> {
  const child = new Deno.Command(extraTool(CLIENT, "python"), {
    args: ["tests/tritonclient/ask.py", new URL(url).host, "gbr"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(columns)));
  await writer.close();
  const { success, stdout, stderr } = await output;
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
