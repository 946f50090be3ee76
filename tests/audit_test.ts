import assert from "node:assert/strict";
import { npmPackages, pythonLocks, pythonPackages } from "../tasks/locks.ts";
import { LEFT_OUT, splitLock } from "../tasks/audit.ts";

Deno.test("splitLock() lists each package of each version, whatever it is for, once a file", () => {
  const lock = `# made by uv
six==1.17.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
numpy==2.2.6 ; python_full_version < '3.11' \\
    --hash=sha256:cc
numpy==2.4.6 ; python_full_version >= '3.11' \\
    --hash=sha256:dd
uvicorn[standard]==0.54.0 \\
    --hash=sha256:ee
`;
  assert.deepEqual(splitLock(lock), [
    `six==1.17.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
numpy==2.2.6 \\
    --hash=sha256:cc
uvicorn[standard]==0.54.0 \\
    --hash=sha256:ee
`,
    `numpy==2.4.6 \\
    --hash=sha256:dd
`,
  ]);
  assert.ok(!splitLock(lock, "six").join("").includes("six"));
});

/** What the stand-in below says of a Python package: one is vulnerable, of one it knows nothing. */
const VULNERABLE = "pyspark", UNANSWERED = "tritonclient";

/** Stands in for the npm registry and an OSV service, which say something else each day. */
function serveAdvisories(asked: Set<string>): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    // Questions of Deno about packages themselves.
    if (request.method !== "POST") return new Response("not here", { status: 404 });
    const question = await request.json();
    if (new URL(request.url).pathname.endsWith("/advisories/bulk")) {
      for (const [name, versions] of Object.entries<string[]>(question)) {
        for (const version of versions) asked.add(`npm:${name}@${version}`);
      }
      return Response.json({
        preact: [{
          id: 1,
          url: "https://example.com/1",
          title: "Invented for a test",
          severity: "high",
          vulnerable_versions: "<99",
          cwe: [],
          cvss: { score: 7 },
        }],
      });
    }
    const { package: { name }, version } = question;
    asked.add(`${name}@${version}`);
    if (name === UNANSWERED) return new Response("busy", { status: 503 });
    if (name !== VULNERABLE) return Response.json({});
    const affected = [{ package: { name, ecosystem: "PyPI" }, versions: [version] }];
    const vuln = { id: "TEST-1", modified: "2026-01-01T00:00:00Z", details: "Invented.", affected };
    return Response.json({ vulns: [vuln] });
  });
}

Deno.test("deno task audit asks about every package, and names locks with one that is vulnerable or unknown", async () => {
  const asked = new Set<string>();
  await using server = serveAdvisories(asked);
  const address = `http://127.0.0.1:${server.addr.port}/`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "-P=audit",
      "tasks/audit.ts",
      "--osv-url",
      `${address}v1/query`,
    ],
    env: { NPM_CONFIG_REGISTRY: address, NO_COLOR: "1", NO_PROXY: "127.0.0.1" },
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(code, 1, errors!);
  assert.match(
    errors!,
    /^error: Of deno\.lock, spark\/requirements\.txt, tests\/tritonclient\/requirements\.txt packages are known to be vulnerable, or could not be asked about;/m,
  );
  assert.match(out! + errors!, /Invented for a test/);
  assert.match(out! + errors!, /TEST-1/);
  assert.match(out!, /^remotes\/gdrive\/requirements\.txt\nLeft out is cryptography: /m);
  const due = (await npmPackages()).map(({ name, version }) => `npm:${name}@${version}`);
  for (const lock of await pythonLocks()) {
    // pip-audit ends a file at the package that it got no answer for.
    if (lock.startsWith("tests/tritonclient")) continue;
    for (const { name, version } of await pythonPackages(lock)) {
      if (name !== LEFT_OUT[lock]?.name) due.push(`${name}@${version}`);
    }
  }
  assert.ok(due.length > 400);
  assert.deepEqual(due.filter((name) => !asked.has(name)), []);
});
