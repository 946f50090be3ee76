import { z } from "zod";
import { askGitHub, type Repository } from "./client.ts";

/** In each of our comments, where nobody sees it: what the next one is found by. */
const MARK = "<!-- retail-demand: what this change does to the forecasts -->";

const PAGE = 100;

const commentsSchema = z.array(z.object({ id: z.int(), body: z.string().nullish() }));

/**
 * Puts text under a pull request, in the place of what was put there before.
 *
 * @param pull Number of the pull request.
 * @param text In Markdown.
 * @returns Whether there was a comment of ours before.
 * @throws {UserError} where GitHub is not reached or refuses.
 */
export async function putComment(
  repository: Repository,
  pull: number,
  text: string,
): Promise<boolean> {
  const body = { body: `${MARK}\n${text}` };
  const id = await findComment(repository, pull);
  await (id === undefined
    ? askGitHub(repository, "POST", `issues/${pull}/comments`, body)
    : askGitHub(repository, "PATCH", `issues/comments/${id}`, body));
  return id !== undefined;
}

async function findComment(repository: Repository, pull: number): Promise<number | undefined> {
  for (let page = 1;; page++) {
    const path = `issues/${pull}/comments?per_page=${PAGE}&page=${page}`;
    const comments = commentsSchema.parse(await askGitHub(repository, "GET", path));
    const ours = comments.find(({ body }) => body?.startsWith(MARK));
    if (ours || comments.length < PAGE) return ours?.id;
  }
}
