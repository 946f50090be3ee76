/// <reference lib="dom" />
import { runCommand } from "../../lib/cli.ts";
import { DEFAULT_SEED, syntheticHistory } from "../../lib/dataset/synthetic/synthetic_history.ts";
import { UserError } from "../../lib/errors.ts";
import { firstError } from "../../lib/first_error.ts";
import { exists } from "../../lib/files.ts";
import { sha256 } from "../../lib/hash.ts";
import { venvTool } from "../../lib/tools.ts";
import { openBrowser } from "../../tests/browser.ts";
import { startApi, startUi } from "../../tests/ui_server.ts";
import { build } from "../../ui/build.ts";

const FOLDER = "docs/pictures";

const WIDTH = 1100;

/** Pictures of pages: their addresses, and how much of them is shown, in pixels. */
const PAGES = {
  forecast: {
    path:
      "/?model=blend&Store=4&Dept=7&IsHoliday=true&Type=A&Size=205863&Year=2012&Month=11&Week=47",
    height: 1700,
  },
  models: { path: "/models", height: 1340 },
};

/** Pictures that the last run drew, as they are. */
const PLOTS = ["model_comparison", "total_by_week"];

/** Fewer colours, a third of the size; matplotlib, which MLflow brings, brings Pillow. */
const SHRINK = `
import sys
from PIL import Image
for path in sys.argv[1:]:
    Image.open(path).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
`;

async function makePictures(): Promise<void> {
  if (!await exists("models/blend.json") || !await exists("metrics/plots")) {
    throw new UserError("There are no models or plots to show. Run `deno task repro` first.");
  }
  const synthetic = new TextEncoder().encode(syntheticHistory(DEFAULT_SEED).trainCsv);
  if (await sha256(await Deno.readFile("data/train.csv")) !== await sha256(synthetic)) {
    throw new UserError(
      "data/train.csv is not synthetic, and real sales are not to be shown. " +
        "Run `deno task data --synthetic --force` and `deno task repro` first.",
    );
  }
  await build();
  await using api = await startApi("models");
  await using ui = await startUi(api.url);
  await using browser = await openBrowser();
  if (!browser) throw new UserError("There is no browser. Install Chrome, or use Linux.");
  const context = await browser.newContext({
    baseURL: ui.url,
    colorScheme: "light",
    reducedMotion: "reduce",
    viewport: { width: WIDTH, height: 900 },
  });
  const files: string[] = [];
  for (const [name, { path, height }] of Object.entries(PAGES)) {
    const page = await context.newPage();
    await page.goto(path);
    // Charts are drawn when they come in view.
    for (const plot of await page.locator(".plot").all()) await plot.scrollIntoViewIfNeeded();
    await page.waitForSelector(".plot[data-drawn]");
    await page.evaluate(() => scrollTo(0, 0));
    const file = `${FOLDER}/${name}.png`;
    await page.screenshot({
      path: file,
      fullPage: true,
      clip: { x: 0, y: 0, width: WIDTH, height },
    });
    files.push(file);
  }
  const { success, stderr } = await new Deno.Command(venvTool("python"), {
    args: ["-c", SHRINK, ...files],
  }).output();
  if (!success) {
    throw new UserError(`The pictures stay large: ${firstError(new TextDecoder().decode(stderr))}`);
  }
  for (const name of PLOTS) {
    await Deno.copyFile(`metrics/plots/${name}.svg`, `${FOLDER}/${name}.svg`);
  }
  console.log(`${files.length + PLOTS.length} pictures are in ${FOLDER}.`);
}

if (import.meta.main) {
  await runCommand({
    name: "deno task pictures",
    summary:
      `Makes the README's pictures in ${FOLDER} of the pages over models/, and of the last\n` +
      "run's plots. The models have to be of the synthetic data.",
    options: {},
  }, makePictures);
}
