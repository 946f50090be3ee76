import { runCommand } from "../lib/cli.ts";
import { UserError } from "../lib/errors.ts";
import { openRepository } from "../lib/github/client.ts";
import { putComment } from "../lib/github/comment.ts";

if (import.meta.main) {
  await runCommand({
    name: "deno task comment",
    summary:
      "Puts standard input, in Markdown, under a pull request: one comment, which the next run changes.\n" +
      "The token is read from CML_TOKEN, the repository from GITHUB_REPOSITORY.",
    operands: ["PULL_REQUEST"],
    options: {},
    examples: ["deno task report | deno task comment 12"],
  }, async ({ operands: [number] }) => {
    if (!/^[1-9]\d*$/.test(number!)) {
      throw new UserError(
        `Expected the number of a pull request, such as 12, but found "${number}".`,
      );
    }
    const get = (name: string) => Deno.env.get(name);
    const name = "GITHUB_REPOSITORY";
    const repository = openRepository(get(name) ?? "", name, "CML_TOKEN", get);
    const text = await new Response(Deno.stdin.readable).text();
    if (text.trim() === "") {
      throw new UserError("Standard input is empty, so there is nothing to say. Pipe a report in.");
    }
    const changed = await putComment(repository, Number(number), text);
    console.log(`${changed ? "Changed the" : "Wrote a"} comment under pull request ${number}.`);
  });
}
