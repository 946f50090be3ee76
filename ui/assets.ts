import type { Manifest } from "./manifest.ts";

/** Folder of the bundle, ignored by Git. */
export const BUNDLE = new URL("./_bundle/", import.meta.url);

/** Reads the list of the bundle; `undefined` where there is no bundle. */
export async function readManifest(): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL("manifest.json", BUNDLE)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/** A file of the bundle by its name, compressed where the browser takes it. */
export async function assetResponse(name: string, acceptEncoding: string): Promise<Response> {
  const type = /^[\w-]+\.(css|js)$/.exec(name)?.[1];
  if (!type) return new Response("Not found", { status: 404 });
  const encoding = ["br", "gzip"].find((each) => acceptEncoding.includes(each));
  const file = new URL(`${name}${encoding ? `.${encoding}` : ""}`, BUNDLE);
  try {
    return new Response(await Deno.readFile(file), {
      headers: {
        "content-type": TYPES[type]!,
        // The name changes with the content.
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "accept-encoding",
        ...(encoding ? { "content-encoding": encoding } : {}),
      },
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Response("Not found", { status: 404 });
    throw error;
  }
}
