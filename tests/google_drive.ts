import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";

/** A mock of Google Drive's API, version 2, with one Shared Drive: the real one cannot run here. */
export interface GoogleDrive extends AsyncDisposable {
  url: string;
  /** Id of a folder in the Shared Drive. */
  folder: string;
  /** Text of the key file of a service account that is a member of the Shared Drive. */
  key: string;
  /** Titles of the files there, folders left out. */
  titles(): string[];
}

interface Item {
  id: string;
  title: string;
  parents: { id: string }[];
  mimeType: string;
  content?: Uint8Array<ArrayBuffer>;
}

const EMAIL = "dvc@tests.iam.gserviceaccount.example";
const FOLDER_TYPE = "application/vnd.google-apps.folder";
const TOKEN = "token-of-the-mock";

/** Starts the mock. It takes requests that a key's token came before, as Google does. */
export function startGoogleDrive(): GoogleDrive {
  const folder = "0AFolderOfTheTests";
  const items = new Map<string, Item>();
  add({ id: folder, title: "retail", mimeType: FOLDER_TYPE, parents: [] });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    folder,
    key: JSON.stringify({
      type: "service_account",
      client_email: EMAIL,
      client_id: "1",
      private_key_id: "1",
      private_key: privateKey,
      token_uri: `${url}/token`,
    }),
    titles: () => [...items.values()].filter(({ content }) => content).map(({ title }) => title),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };

  function add(item: Item): Item {
    items.set(item.id, item);
    return item;
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/token") return token(await request.formData());
    if (request.headers.get("authorization") !== `Bearer ${TOKEN}`) return failure(401);
    const [id, action] = pathname.split("/").slice(4);
    if (pathname.startsWith("/upload/")) return await upload(request, id);
    if (id === undefined) {
      if (request.method === "POST") return Response.json(facts(create(await request.json())));
      return Response.json({ items: list(searchParams).map(facts) });
    }
    const item = items.get(id);
    if (!item) return failure(404);
    // A content manager may move files into the trash and not delete them.
    if (request.method === "DELETE") return failure(403);
    if (action === "trash") items.delete(id);
    if (searchParams.get("alt") === "media") return new Response(item.content!);
    return Response.json(facts(item));
  }

  /** As Google does, it gives a token for what the account's private key has signed. */
  function token(form: FormData): Response {
    const [head, body, signature] = String(form.get("assertion")).split(".");
    const { iss } = JSON.parse(atob(body!.replaceAll("-", "+").replaceAll("_", "/")));
    const signed = verify(
      "sha256",
      new TextEncoder().encode(`${head}.${body}`),
      createPublicKey(publicKey),
      Uint8Array.fromBase64(signature!, { alphabet: "base64url" }),
    );
    if (iss !== EMAIL || !signed) {
      return Response.json(
        { error: "invalid_grant", error_description: "Invalid JWT Signature." },
        {
          status: 400,
        },
      );
    }
    return Response.json({ access_token: TOKEN, expires_in: 3600, token_type: "Bearer" });
  }

  function create({ title, parents, mimeType = "application/octet-stream" }: Partial<Item>): Item {
    return add({ id: crypto.randomUUID(), title: title!, parents: parents!, mimeType });
  }

  /** A file comes in two requests: what it is, then what it holds. */
  async function upload(request: Request, id: string | undefined): Promise<Response> {
    if (request.method === "POST") {
      const { id } = create(await request.json());
      return new Response(null, { headers: { location: `${url}/upload/files/put/${id}` } });
    }
    const item = items.get(id!)!;
    item.content = await request.bytes();
    return Response.json(facts(item));
  }

  function list(parameters: URLSearchParams): Item[] {
    // Without these, Google lists My Drive.
    if (parameters.get("corpora") !== "drive" || parameters.get("driveId") !== "DRIVE") return [];
    const query = parameters.get("q")!;
    const parents = [...query.matchAll(/'([^']+)' in parents/g)].map(([, id]) => id);
    const title = / title='([^']+)'/.exec(query)?.[1];
    return [...items.values()].filter((item) =>
      item.parents.some(({ id }) => parents.includes(id)) && (title ?? item.title) === item.title
    );
  }
}

function facts({ content, ...item }: Item) {
  return { ...item, driveId: "DRIVE", ...content && { fileSize: String(content.length) } };
}

function failure(code: number): Response {
  return Response.json({ error: { code, message: `mock: ${code}`, errors: [] } }, { status: code });
}
