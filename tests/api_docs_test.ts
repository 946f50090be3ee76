import assert from "node:assert/strict";
import { openBrowser } from "./browser.ts";
import { makeModels, startApi } from "./ui_server.ts";

Deno.test("GET /docs sends a form and shows the answer, with no error of the browser", async () => {
  await using browser = await openBrowser();
  if (!browser) return;
  const models = await makeModels();
  try {
    await using server = await startApi(models);
    const page = await browser.newPage();
    const problems: string[] = [];
    const hosts = new Set<string>();
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${server.url}/docs`);

    const predict = page.locator("details", { has: page.locator('form[data-path="/predict"]') });
    await predict.locator("summary").click();
    await predict.getByRole("button").click();
    await predict.getByText(/^200 OK/).waitFor();
    assert.match(await predict.locator("output").innerText(), /"predictions": \[\s+-?\d/);

    const batch = page.locator("details", {
      has: page.locator('form[data-path="/predict/batch"]'),
    });
    await batch.locator("summary").click();
    await batch.getByRole("button").click();
    await batch.getByText(/^200 OK/).waitFor();
    assert.match(await batch.locator("output").innerText(), /prediction,error\n.*\d,\s*$/);

    const model = page.locator("details", {
      has: page.locator('form[data-path="/models/{name}"]'),
    });
    await model.locator("summary").click();
    await model.locator("input").fill("gbr");
    await model.getByRole("button").click();
    await model.getByText(/^200 OK/).waitFor();

    assert.deepEqual(problems, []);
    assert.deepEqual([...hosts], [server.url]);
  } finally {
    await Deno.remove(models, { recursive: true });
  }
});
