import assert from "node:assert/strict";
import { openRepository } from "./client.ts";
import { putComment } from "./comment.ts";
import { mockGitHub } from "./testing.ts";

const SECRET = "ghp_of_the_tests";

function repositoryAt(url: string) {
  return openRepository(
    "owner/forecasts",
    "GITHUB_REPOSITORY",
    "CML_TOKEN",
    (name) => ({ GITHUB_API_URL: `${url}/`, CML_TOKEN: SECRET })[name],
  );
}

Deno.test("putComment() makes one comment and then changes that, in a mock of GitHub", async () => {
  await using github = mockGitHub();
  // More than a page of other people's.
  for (let id = 1; id <= 130; id++) github.comments.set(id, `thought ${id}`);
  const repository = repositoryAt(github.url);
  assert.equal(await putComment(repository, 7, "## Better"), false);
  assert.equal(await putComment(repository, 7, "## Worse"), true);
  assert.equal(github.comments.size, 131);
  assert.match(github.comments.get(131)!, /^<!-- .* -->\n## Worse$/);
  assert.equal(github.comments.get(1), "thought 1");
  assert.deepEqual(
    github.asked.map(({ method, path }) => `${method} ${path}`).slice(0, 3),
    [
      "GET /repos/owner/forecasts/issues/7/comments?per_page=100&page=1",
      "GET /repos/owner/forecasts/issues/7/comments?per_page=100&page=2",
      "POST /repos/owner/forecasts/issues/7/comments",
    ],
  );
  assert.equal(github.asked.at(-1)!.path, "/repos/owner/forecasts/issues/comments/131");
  assert.ok(github.asked.every(({ authorization }) => authorization === `Bearer ${SECRET}`));
});

Deno.test("putComment() says what was refused, and never the token", async () => {
  const github = mockGitHub();
  const repository = repositoryAt(github.url);
  github.refusal = 403;
  const refused = await putComment(repository, 7, "").catch((error) => error);
  assert.equal(refused.name, "UserError");
  assert.match(refused.message, /^GET http.*\/issues\/7\/comments.* was refused with status 403\./);
  assert.ok(!refused.message.includes(SECRET));
  await github[Symbol.asyncDispose]();
  const unreachable = await putComment(repository, 7, "").catch((error) => error);
  assert.match(unreachable.message, /got no answer\. Check the network/);
});

Deno.test("putComment() says where a page stands in GitHub's place", async () => {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(options, () => new Response("<h1>Log in to the network</h1>"));
  await assert.rejects(
    putComment(repositoryAt(`http://127.0.0.1:${server.addr.port}`), 7, ""),
    { name: "UserError", message: /was answered by something else than GitHub\./ },
  );
});

Deno.test("openRepository() wants OWNER/NAME and a token", () => {
  assert.throws(() => openRepository("../x/y", "--github", "T", () => "t"), {
    message: 'Expected a GitHub repository as OWNER/NAME in --github, but found "../x/y".',
  });
  assert.throws(() => openRepository("o/r", "--github", "T", () => ""), {
    message: "T is not set. Set it to a token of GitHub for o/r.",
  });
});
