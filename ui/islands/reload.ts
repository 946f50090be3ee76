/**
 * Loads the page again when the server that rendered it is gone and another answers; only pages of
 * `deno task ui:dev` have this program.
 *
 * @module
 */

const PERIOD = 400;

async function serverNumber(): Promise<string | undefined> {
  try {
    return await (await fetch("/dev/server")).text();
  } catch {
    return undefined;
  }
}

const first = await serverNumber();

setInterval(async () => {
  const now = await serverNumber();
  if (now !== undefined && now !== first) location.reload();
}, PERIOD);
