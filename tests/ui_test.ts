/// <reference lib="dom" />
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { FEATURES } from "../lib/features/table.ts";
import { build } from "../ui/build.ts";
import { openBrowser } from "./browser.ts";
import { descendants } from "./processes.ts";
import { makeModels, startApi, startUi } from "./ui_server.ts";

const SCREENSHOTS = "ui/_screenshots";

const RECORD: Record<string, string> = {
  Store: "2",
  Dept: "3",
  IsHoliday: "true",
  Type: "B",
  Size: "100000",
  Year: "2012",
  Month: "11",
  Week: "47",
};

const DEEP_LINK = `/?model=gbr&${new URLSearchParams(RECORD)}`;

const browser = await openBrowser();

Deno.test({
  name: "the pages in a browser",
  ignore: !browser,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(test) {
    await build();
    const models = await makeModels();
    let api = await startApi(models);
    // Whatever fails below, nothing is left behind.
    await using left = new AsyncDisposableStack();
    left.defer(() => browser!.close());
    left.defer(() => Deno.remove(models, { recursive: true }));
    left.defer(() => api[Symbol.asyncDispose]());
    const ui = left.use(await startUi(api.url));
    const port = Number(new URL(api.url).port);

    /** A page with nothing of the others; whatever it complains of fails the test. */
    async function open(
      path: string,
      act: (page: Page) => Promise<void>,
      options: BrowserContextOptions = {},
    ) {
      const context = await browser!.newContext({
        baseURL: ui.url,
        // Colours on their way to others have no contrast to measure.
        reducedMotion: "reduce",
        ...options,
      });
      const complaints: string[] = [];
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(15_000);
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("console", (message) => {
          // A refused forecast is told by the page; the policy's refusals are ours.
          if (message.type() === "error" && !/status of|net::ERR/.test(message.text())) {
            complaints.push(message.text());
          }
        });
        await page.goto(path);
        if (
          options.javaScriptEnabled !== false && await page.locator("[data-island]").count() > 0
        ) {
          await page.waitForSelector("[data-ready]");
        }
        await act(page);
      } finally {
        await context.close();
      }
      assert.deepEqual(complaints, []);
    }

    await test.step("a forecast is made by a plain post, without JavaScript", async () => {
      await open("/", async (page) => {
        await page.selectOption("#field-Store", "2");
        await page.fill("#field-date", "2012-11-20");
        await page.click("text=Make the forecast");
        assert.match(new URL(page.url()).search, /model=gbr.*Store=2.*Type=B.*Year=2012.*Week=47/);
        assert.match(await page.textContent("output") ?? "", /^\$[\d,]+$/);
        assert.match(await page.textContent(".answer-what") ?? "", /Store 2.*23 November 2012/);
      }, { javaScriptEnabled: false });
    });

    await test.step("a wrong value is told beside its field, without JavaScript", async () => {
      await open(DEEP_LINK.replace("Size=100000", "Size=big"), async (page) => {
        assert.equal(await page.inputValue("#field-Size"), "big");
        assert.match(await page.textContent("#field-Size-error") ?? "", /whole number from 1 to/);
      }, { javaScriptEnabled: false });
    });

    await test.step("a changed field moves the forecast and the address", async () => {
      await open("/", async (page) => {
        await page.click("text=Make the forecast");
        const first = await page.textContent("output");
        const address = page.url();
        await page.selectOption("#field-Dept", "4");
        await page.waitForFunction(
          (first) => document.querySelector("output")?.textContent !== first,
          first,
        );
        assert.notEqual(page.url(), address);
        await page.waitForSelector("text=against the forecast before your change");
        await page.waitForSelector(".plot[data-drawn]");
        // Shared, the address gives the same.
        const second = await page.textContent("output");
        await page.goto(page.url());
        assert.equal(await page.textContent("output"), second);
        await page.waitForSelector("text=Your last forecasts");
      });
    });

    await test.step("the keyboard alone makes a forecast", async () => {
      await open("/", async (page) => {
        await page.keyboard.press("Tab");
        assert.equal(
          await page.evaluate(() => document.activeElement?.textContent),
          "Skip to the content",
        );
        await page.focus("#field-Size");
        await page.keyboard.press("Control+A");
        await page.keyboard.type("x");
        await page.keyboard.press("Enter");
        await page.waitForSelector("#field-Size-error");
        assert.deepEqual(await violations(page), []);
        assert.equal(await page.evaluate(() => document.activeElement?.id), "field-Size");
        await page.keyboard.press("Control+A");
        await page.keyboard.type("90000");
        await page.keyboard.press("Enter");
        await page.waitForSelector("output");
      });
    });

    await test.step("the keyboard alone forecasts a batch, reads it and downloads it", async () => {
      await open("/batch", async (page) => {
        /** Goes on from where the keyboard is until it is at what `selector` names. */
        const tabTo = async (selector: string) => {
          for (let presses = 0; presses < 60; presses++) {
            await page.keyboard.press("Tab");
            if (
              await page.locator(selector).evaluateAll(([found]) =>
                found === document.activeElement
              )
            ) {
              return;
            }
          }
          assert.fail(`the Tab key does not lead to ${selector}`);
        };
        // From now on, so that the browser shows no dialogue of its own.
        const chooser = page.waitForEvent("filechooser");
        await tabTo("#batch-file");
        await page.keyboard.press("Enter");
        await (await chooser).setFiles(batchFile(2000));
        await page.waitForSelector("text=/Forecast [0-9,]+ rows/");
        await tabTo(".mapping summary");
        await page.keyboard.press("Space");
        await tabTo("#map-Store");
        await tabTo("#batch-model");
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.inputValue("#batch-model"), "seasonal");
        await tabTo("form.send button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("text=by seasonal");
        await tabTo("button:text('Download with forecasts')");
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.keyboard.press("Enter"),
        ]);
        assert.equal(download.suggestedFilename(), "forecasts-batch.csv");
        await tabTo(".check input");
        await page.keyboard.press("Space");
        await page.waitForSelector("text=4 rows");
        await page.keyboard.press("Space");
        await tabTo(".rows-view");
        await page.keyboard.press("End");
        await page.waitForSelector(".rows-view >> text=2,001");
        await tabTo(".numbers summary");
        await page.keyboard.press("Enter");
        await page.waitForSelector(".numbers td");
      });
    });

    await test.step("a batch of 100,000 rows with errors is forecast and downloaded", async () => {
      await open("/batch", async (page) => {
        await page.setInputFiles("#batch-file", batchFile(100_000));
        assert.match(await page.textContent("td.bad small") ?? "", /for Store, but found "x"/);
        await page.click("text=Forecast 99,900 rows");
        await page.waitForSelector("text=Download with forecasts", { timeout: 60_000 });
        // Week 53 of 2012 is what only the API complains of.
        await page.waitForSelector("text=200 rows without a forecast");
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.click("text=Download with forecasts"),
        ]);
        const lines = (await Deno.readTextFile(await download.path())).split("\r\n");
        assert.equal(lines.length, 100_002);
        assert.match(lines[0]!, /,note,prediction,lower_80,upper_80,error$/);
        assert.match(lines[1]!, /,'=SUM\(A1\),\d+\.\d\d,\d+\.\d\d,\d+\.\d\d,$/);
        assert.match(lines[4]!, /,,,,"Expected a whole number .* for Store/);
        // What is left comes back.
        await page.goto("/models");
        await page.goto("/batch");
        await page.waitForSelector("text=Download with forecasts");
        assert.deepEqual(await violations(page), []);
        await page.emulateMedia({ colorScheme: "dark" });
        assert.deepEqual(await violations(page), []);
        await page.locator(".rows-view").evaluate((view) => view.scrollTop = view.scrollHeight);
        await page.waitForSelector("text=100,001");
      });
    });

    await test.step("a batch can be cancelled, and keeps what is done", async () => {
      await open("/batch", async (page) => {
        await page.setInputFiles("#batch-file", batchFile(200_000));
        await page.click("text=/Forecast [0-9,]+ rows/");
        await page.waitForSelector("text=/rows, [0-9,]+ a second/");
        await page.click("text=Cancel");
        await page.waitForSelector("text=You cancelled this batch");
      });
    });

    await test.step("columns of other names are mapped, semicolons and commas are read", async () => {
      await open("/batch", async (page) => {
        const text = "Shop;dept;is holiday;fuel price;TYPE;size;year;month;week\r\n" +
          "1;2;FALSE;3,5;a;150000;2012;11;47\r\n";
        await page.setInputFiles("#batch-file", fileOf(text, "caf\u00e9.csv"));
        await page.waitForSelector("text=Which column is which?");
        assert.deepEqual(await violations(page), []);
        await page.selectOption("#map-Store", { label: "Shop" });
        await page.click("text=Forecast 1 row");
        await page.waitForSelector("text=Download with forecasts");
      });
    });

    await test.step("what is no table is refused in words", async () => {
      await open("/batch", async (page) => {
        await page.setInputFiles("#batch-file", fileOf("PK\x03\x04", "book.xlsx"));
        await page.waitForSelector("text=This is an Excel workbook");
        await page.setInputFiles("#batch-file", fileOf("\x00\x01\x02", "picture.csv"));
        await page.waitForSelector("text=something other than text");
        await page.setInputFiles("#batch-file", fileOf("", "empty.csv"));
        await page.waitForSelector("text=This file is empty");
        assert.deepEqual(await violations(page), []);
      });
    });

    await test.step("axe finds nothing, in light and in dark, and a phone needs no scrolling sideways", async () => {
      await Deno.mkdir(SCREENSHOTS, { recursive: true });
      await Deno.writeTextFile(`${models}/torn.json`, "{");
      for (
        const [name, path] of [["forecast", DEEP_LINK], ["batch", "/batch"], ["models", "/models"]]
      ) {
        for (const [look, options] of LOOKS) {
          await open(path!, async (page) => {
            if (name === "batch") await page.setInputFiles("#batch-file", batchFile(20));
            if (name === "batch") await page.waitForSelector("text=/Forecast [0-9,]+ rows/");
            if (name === "models") {
              // The service looks for new files every two seconds.
              while (!await page.getByText("torn.json").count()) await page.reload();
            }
            if (name !== "batch") {
              await page.locator(".plot").scrollIntoViewIfNeeded();
              await page.waitForSelector(".plot[data-drawn]");
            }
            await page.screenshot({ path: `${SCREENSHOTS}/${name}_${look}.png`, fullPage: true });
            assert.deepEqual(await violations(page), [], `${name}, ${look}`);
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= options.viewport!.width, `${name}, ${look}: ${width} pixels wide`);
          }, options);
        }
      }
    });

    await test.step("an API that stops is told, and the batch goes on when it is back", async () => {
      await open("/batch", async (page) => {
        await page.setInputFiles("#batch-file", batchFile(100_000));
        await page.click("text=/Forecast [0-9,]+ rows/");
        await page.waitForSelector("text=/rows, [0-9,]+ a second/");
        await api[Symbol.asyncDispose]();
        await page.waitForSelector("text=/Stopped after [0-9,]+ of 100,000 rows/", {
          timeout: 30_000,
        });
        api = await startApi(models, port);
        await page.click("button:text('Try again')");
        await page.waitForSelector("text=Download with forecasts", { timeout: 60_000 });
      });
    });

    await test.step("pages without an API say so and keep what was asked", async () => {
      await open(DEEP_LINK, async (page) => {
        await api[Symbol.asyncDispose]();
        await page.selectOption("#field-Dept", "4");
        await page.waitForSelector("text=The forecast service does not answer");
        assert.equal(await page.inputValue("#field-Dept"), "4");
        await page.goto(DEEP_LINK);
        await page.waitForSelector("text=The forecasts are out of reach");
        assert.ok((await page.getAttribute("a:text('Try again')", "href"))?.includes("Store=2"));
        assert.deepEqual(await violations(page), []);
      });
    });

    await left.disposeAsync();
    await test.step("no server is left behind", async () => {
      const servers = (await descendants(Deno.pid))
        .filter(({ command }) => /(api|ui)\/serve\.ts/.test(command));
      assert.deepEqual(servers, []);
    });
  },
});

const LOOKS: [string, BrowserContextOptions & { viewport: { width: number; height: number } }][] = [
  ["light", { colorScheme: "light", viewport: { width: 1280, height: 900 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1280, height: 900 } }],
  ["phone", { colorScheme: "light", viewport: { width: 360, height: 740 } }],
];

/** What axe finds on a page. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any
    const { violations } = await (globalThis as any).axe.run();
    return violations.flatMap((
      { id, nodes }: { id: string; nodes: { html: string; failureSummary: string }[] },
    ) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 150)} ${failureSummary}`));
  });
}

/** A file of rows of which one in a thousand is refused by the page, and one by the API only. */
function batchFile(rows: number) {
  const names: string[] = FEATURES.map(({ name }) => name);
  const record: Record<string, string> = { ...RECORD, IsHoliday: "FALSE", Week: "46" };
  const line = (change: Record<string, string>) =>
    [...names.map((name) => ({ ...record, ...change })[name] ?? ""), "=SUM(A1)"].join(",");
  const [good, bad, unknown] = [line({}), line({ Store: "x" }), line({ Month: "12", Week: "53" })];
  const lines = Array.from({ length: rows }, (_, row) => {
    if (row % 1000 === 3) return bad;
    return row % 1000 === 5 ? unknown : good;
  });
  return fileOf([[...names, "note"].join(","), ...lines].join("\n") + "\n", "batch.csv");
}

function fileOf(text: string, name: string) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text, "latin1") };
}
