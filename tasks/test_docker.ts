import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { denoTest, report } from "./outcome.ts";
import { setUp } from "./setup.ts";

/** What builds images and runs them without an engine, by its Debian package. */
const TOOLS = {
  buildah: "buildah",
  debootstrap: "debootstrap",
  ip: "iproute2",
  nsenter: "util-linux",
};

/** @throws {UserError} where this machine cannot build and run images. */
async function requireTools(): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    throw new UserError(
      "Building images without Docker needs root on Linux. Run it there, or in a virtual machine.",
    );
  }
  const missing: string[] = [];
  for (const [program, debian] of Object.entries(TOOLS)) {
    try {
      await new Deno.Command(program, { args: ["--help"], stdin: "null" }).output();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      missing.push(debian);
    }
  }
  if (missing.length === 0) return;
  throw new UserError(
    `Building images without Docker needs ${missing.join(" and ")}. ` +
      `Install them with \`apt install ${missing.join(" ")}\` and run again.`,
  );
}

if (import.meta.main) {
  await runCommand({
    name: "deno task test:docker",
    summary:
      "Builds the images with buildah, over a stand-in for their base image made of Debian's\n" +
      "packages, and runs them confined as docker-compose.yml says. Needs root; takes some minutes.",
    options: {},
  }, async () => {
    await requireTools();
    await setUp();
    report(await denoTest(["tests/docker/images.ts"]));
  });
}
