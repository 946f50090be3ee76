import assert from "node:assert/strict";
import { askForRemote } from "./ask.ts";

/** Answers in their order, and which questions were asked. */
function answering(...answers: string[]) {
  const asked: string[] = [];
  return {
    asked,
    ask(question: string, proposal?: string) {
      asked.push(question);
      return answers.shift() ?? proposal ?? null;
    },
  };
}

Deno.test("askForRemote() asks what an S3 server needs", () => {
  const { ask, asked } = answering("s3://bucket/dvc", " http://h:9000 ", "", "lake", "Yes");
  assert.deepEqual(askForRemote(ask), {
    url: "s3://bucket/dvc",
    endpointUrl: "http://h:9000",
    credentials: undefined,
    name: "lake",
    default: true,
  });
  assert.equal(asked.length, 5);
});

Deno.test("askForRemote() asks of a folder nothing but its name, and proposes one", () => {
  const { ask, asked } = answering("/mnt/share");
  assert.deepEqual(askForRemote(ask), {
    url: "/mnt/share",
    endpointUrl: undefined,
    credentials: undefined,
    name: "storage",
    default: false,
  });
  assert.equal(asked.length, 3);
});

Deno.test("askForRemote() asks for no secret", () => {
  for (const url of ["s3://b", "gdrive://ID", "gs://b", "azure://c", "ssh://h/p", "/p"]) {
    const { ask, asked } = answering(url);
    askForRemote(ask);
    for (const question of asked) assert.doesNotMatch(question, /password|secret key|token/i);
  }
});
