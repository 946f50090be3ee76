import { DockerfileParser } from "dockerfile-ast";
import { join } from "node:path";

/** Certificates that this machine trusts, those of a company's proxy among them. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Builds images without an engine. */
export interface Buildah extends AsyncDisposable {
  /**
   * Builds a target of the Dockerfile.
   *
   * @param context Folder that the Dockerfile is in.
   * @returns What buildah said.
   */
  build(context: string, target: string): Promise<string>;
  /** An image's configuration. */
  inspect(target: string): Promise<ImageConfig>;
  /** Megabytes that an image has beyond its base. */
  size(target: string): Promise<number>;
  /** A folder with the file tree of an image. */
  tree(target: string): Promise<string>;
}

/** What we read of an image's configuration. */
export interface ImageConfig {
  Env: string[];
  Cmd: string[];
  User: string;
  WorkingDir: string;
  Healthcheck?: { Test: string[] };
}

/** Buildah with a store of its own, in which a stand-in for the Dockerfile's base image is. */
export async function openBuildah(): Promise<Buildah> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "retail-demand-buildah-" });
  cleanup.defer(async () => {
    await buildah(["umount", "--all"]);
    await buildah(["rm", "--all"]);
    await buildah(["rmi", "--all", "--force"]);
    await Deno.remove(folder, { recursive: true });
  });
  const buildah = (args: string[]) =>
    run("buildah", ["--root", `${folder}/store`, "--runroot", `${folder}/run`, ...args]);
  const build = (args: string[]) =>
    buildah(["bud", "--format=docker", "--isolation=chroot", "--pull=never", ...args]);
  const inspect = async (target: string) =>
    JSON.parse(await buildah(["inspect", "--type=image", `test-${target}`]));
  const megabytes = async (name: string) => {
    const [{ size }] = JSON.parse(await buildah(["images", "--json", name]));
    const [, number, unit] = /^([\d.]+) ([MG]B)$/.exec(size)!;
    return Number(number) * (unit === "GB" ? 1000 : 1);
  };
  await makeBase(`${folder}/base`);
  await build(["--tag", `docker.io/${await baseName()}`, `${folder}/base`]);
  await Deno.remove(`${folder}/base`, { recursive: true });
  const all = cleanup.move();
  return {
    build: (context, target) =>
      build(["--layers", `--target=${target}`, "--tag", `test-${target}`, context]),
    inspect: async (target) => (await inspect(target)).Docker.config,
    async size(target) {
      const [image, base] = await Promise.all([`test-${target}`, await baseName()].map(megabytes));
      return image! - base!;
    },
    async tree(target) {
      const container = await buildah(["from", "--pull=never", `test-${target}`]);
      return (await buildah(["mount", container.trim()])).trim();
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Name of the image that the Dockerfile starts from. */
export async function baseName(): Promise<string> {
  const dockerfile = DockerfileParser.parse(await Deno.readTextFile("Dockerfile"));
  return dockerfile.getARGs()[0]!.getProperty()!.getValue()!;
}

/**
 * Writes what an image like denoland/deno is made of: Debian's base system, this Deno, the user
 * `deno`, and an entry point that runs what it is given.
 */
async function makeBase(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  await run("debootstrap", ["--variant=minbase", "stable", `${folder}/debian`]);
  await run("tar", [
    "-C",
    `${folder}/debian`,
    "--exclude=./var/cache/apt/archives/*.deb",
    "-cf",
    `${folder}/debian.tar`,
    ".",
  ]);
  await Deno.remove(`${folder}/debian`, { recursive: true });
  await Deno.copyFile(Deno.execPath(), join(folder, "deno"));
  await Deno.copyFile(CERTIFICATES, join(folder, "certificates.crt"));
  await Deno.writeTextFile(join(folder, "entry.sh"), '#!/bin/sh\nset -e\nexec "$@"\n', {
    mode: 0o755,
  });
  await Deno.writeTextFile(
    join(folder, "Dockerfile"),
    `FROM scratch
ADD debian.tar /
COPY deno /usr/bin/deno
COPY entry.sh /usr/local/bin/docker-entrypoint.sh
COPY certificates.crt /etc/certificates.crt
RUN useradd --uid 1993 --user-group deno && mkdir /deno-dir && chown deno:deno /deno-dir
ENV DENO_DIR=/deno-dir/ DENO_INSTALL_ROOT=/usr/local
ENV DENO_CERT=/etc/certificates.crt PIP_CERT=/etc/certificates.crt SSL_CERT_FILE=/etc/certificates.crt
ENTRYPOINT ["docker-entrypoint.sh"]
`,
  );
}

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" })
    .output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`${command} ${args.join(" ")}\n${out}\n${errors}`);
  return out!;
}
