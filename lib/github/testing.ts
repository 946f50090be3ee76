/** What a mock of GitHub was asked. */
export interface AskedOfGitHub {
  method: string;
  /** With the query. */
  path: string;
  authorization: string | null;
  body: unknown;
}

/** A mock: GitHub itself cannot be asked in a test. It keeps comments, and takes dispatches. */
export interface MockGitHub extends AsyncDisposable {
  url: string;
  asked: AskedOfGitHub[];
  /** By id; the first is 1. */
  comments: Map<number, string>;
  /** What it refuses everything with, where it is set. */
  refusal: number | undefined;
}

/** Starts a mock of the parts of GitHub's REST API that we use. */
export function mockGitHub(): MockGitHub {
  const asked: AskedOfGitHub[] = [];
  const comments = new Map<number, string>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (req) => {
    const url = new URL(req.url);
    const text = await req.text();
    const body = text === "" ? undefined : JSON.parse(text);
    asked.push({
      method: req.method,
      path: url.pathname + url.search,
      authorization: req.headers.get("authorization"),
      body,
    });
    if (mock.refusal !== undefined) return new Response("{}", { status: mock.refusal });
    if (url.pathname.endsWith("/dispatches")) return new Response(null, { status: 204 });
    const id = Number(/\/comments\/(\d+)$/.exec(url.pathname)?.[1]) || comments.size + 1;
    if (req.method !== "GET") {
      comments.set(id, body.body);
      return Response.json({ id });
    }
    const [size, page] = ["per_page", "page"].map((name) => Number(url.searchParams.get(name)));
    const all = [...comments].map(([id, body]) => ({ id, body }));
    return Response.json(all.slice((page! - 1) * size!, page! * size!));
  });
  const mock: MockGitHub = {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    comments,
    refusal: undefined,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return mock;
}
