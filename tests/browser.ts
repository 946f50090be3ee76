import { inflate } from "@sparticuz/chromium";
import packed from "@sparticuz/chromium";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/**
 * Starts the Chromium that comes as an npm package with the few libraries that it needs, so that
 * nothing has to be installed by hand; where that does not run (it is made for Linux on x64 and
 * ARM), the Chrome that is installed.
 *
 * @returns `undefined` where there is neither; the reason is printed. On a build server (where `CI`
 * is set) that is an error, so that tests are not left out unseen.
 */
export async function openBrowser(): Promise<Browser | undefined> {
  try {
    if (Deno.build.os !== "linux") return await chromium.launch({ channel: "chrome" });
    const bin = join(import.meta.dirname!, "../node_modules/@sparticuz/chromium/bin");
    const libraries = await inflate(join(bin, "al2023.tar.br"));
    return await chromium.launch({
      executablePath: await packed.executablePath(),
      args: ["--no-sandbox", "--headless=shell", "--disable-gpu"],
      env: { ...Deno.env.toObject(), LD_LIBRARY_PATH: join(libraries, "lib") },
    });
  } catch (error) {
    if (Deno.env.get("CI")) throw error;
    console.log(`No browser runs here, so its tests are left out: ${String(error).split("\n")[0]}`);
    return undefined;
  }
}
