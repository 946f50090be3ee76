import { delay } from "../processes.ts";

/** Runs file trees as a container engine would, by the kernel's namespaces. Needs root on Linux. */
export interface Sandbox extends AsyncDisposable {
  /** Runs a program in a container until it ends. */
  run(container: Container, command: string[]): Promise<{ code: number; text: string }>;
  /** Starts a program in a container; it ends with the sandbox. */
  start(container: Container, command: string[]): void;
  /** The body at an address, as another program on the containers' network sees it. */
  fetch(url: string): Promise<string>;
}

/** A file tree and how programs run in it. */
export interface Container {
  name: string;
  /** Folder that its root is. */
  tree: string;
  env: Record<string, string>;
  /** User and group, by number. */
  user: string;
  /** Folders and files of this machine by where they are in the container. */
  mounts: { source: string; target: string; readOnly: boolean }[];
  /** Where there is an empty place to write to. */
  tmpfs: string[];
}

/**
 * Opens a network of its own, with nothing beyond it, on which every container has the same address
 * and goes by its name. Their roots are read-only, and their programs have no capability and can
 * gain none.
 */
export async function openSandbox(containers: Container[]): Promise<Sandbox> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "retail-demand-sandbox-" });
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  const holder = new Deno.Command("unshare", {
    args: ["--net", "--mount", "sleep", "infinity"],
    stdin: "null",
  }).spawn();
  cleanup.defer(() => end(holder, "SIGKILL"));
  const enter = (args: string[]) =>
    new Deno.Command("nsenter", {
      args: [`--target=${holder.pid}`, "--net", "--mount", ...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  const within = ({ name, env, user }: Container, command: string[]) => {
    const [uid, gid] = user.split(":");
    const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    return enter([
      ...["chroot", `${folder}/${name}`],
      ...["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"],
      ...["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"],
      ...["env", "-i", "--chdir=/app", ...variables, "docker-entrypoint.sh", ...command],
    ]);
  };

  await Deno.writeTextFile(
    `${folder}/hosts`,
    `127.0.0.1 localhost ${containers.map(({ name }) => name).join(" ")}\n`,
  );
  // Until unshare has made the namespaces, nsenter would enter ours.
  while (await Deno.readTextFile(`/proc/${holder.pid}/comm`) !== "sleep\n") await delay(10);
  await must(enter(["ip", "link", "set", "lo", "up"]));
  for (const container of containers) {
    await must(enter(["sh", "-euc", await mountScript(container, folder)]));
  }
  const all = cleanup.move();
  return {
    async run(container, command) {
      const { code, stdout, stderr } = await within(container, command).output();
      const decoder = new TextDecoder();
      return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
    },
    start(container, command) {
      const child = within(container, command).spawn();
      void child.stdout.pipeTo(new WritableStream());
      void child.stderr.pipeTo(new WritableStream());
      all.defer(() => end(child, "SIGTERM"));
    },
    async fetch(url) {
      const program = `console.log(await (await fetch(${JSON.stringify(url)})).text())`;
      return await must(enter([Deno.execPath(), "eval", "--no-config", program]));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Ends a program, and waits until it has. */
async function end(child: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
  await child.status;
}

/** Mounts a container's root at `folder/NAME`, in a mount namespace of its own. */
async function mountScript(container: Container, folder: string): Promise<string> {
  const { name, tree, mounts, tmpfs } = container;
  const root = `${folder}/${name}`;
  await Deno.mkdir(root);
  const all = [...mounts, { source: `${folder}/hosts`, target: "/etc/hosts", readOnly: true }];
  // As an engine does, where the image has nothing to mount over.
  for (const { source, target } of all) {
    if ((await Deno.stat(source)).isDirectory) {
      await Deno.mkdir(tree + target, { recursive: true });
    } else await Deno.writeTextFile(tree + target, "", { append: true });
  }
  for (const target of tmpfs) await Deno.mkdir(tree + target, { recursive: true });
  return [
    `mount --bind '${tree}' '${root}'`,
    `mount -o remount,bind,ro '${root}'`,
    ...all.flatMap(({ source, target, readOnly }) => [
      `mount --bind '${source}' '${root}${target}'`,
      ...readOnly ? [`mount -o remount,bind,ro '${root}${target}'`] : [],
    ]),
    ...tmpfs.map((target) => `mount -t tmpfs -o mode=1777 tmpfs '${root}${target}'`),
    `mount -t proc proc '${root}/proc'`,
    `mount --rbind /dev '${root}/dev'`,
  ].join("\n");
}

async function must(command: Deno.Command): Promise<string> {
  const { success, stdout, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
