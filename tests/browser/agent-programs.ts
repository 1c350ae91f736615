// What the agents of the browser tests run, by image: the in-memory runtime of tests/support starts them.

import type { Program } from "../support/memory-container.ts";

/** Answers every request and writes a line about it. */
const serving: Program = async ({ environment, write }) => {
  write(`INFO model ${environment["MODEL_DEFAULT"] ?? "none"}, tone ${environment["TONE"] ?? "none"}`);
  write("INFO listening on port 80");
  return {
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname !== "/") write(`INFO asked for ${pathname}`);
      return new Response("At your service.");
    },
  };
};

/** Never well, so that it is being rolled out for as long as anybody looks. */
const starting: Program = async ({ write }) => {
  write("INFO waiting for the night");
  return { fetch: () => new Response("not yet", { status: 503 }) };
};

const failing: Program = async ({ write }) => {
  write("INFO reading /app/catalogue.json");
  write("Traceback (most recent call last):", "stderr");
  write('  File "/app/main.py", line 12, in <module>', "stderr");
  write("    shelves = json.load(open(CATALOGUE))", "stderr");
  write("FileNotFoundError: [Errno 2] No such file or directory: '/app/catalogue.json'", "stderr");
  return 1;
};

const job =
  (exitCode: number): Program =>
  async ({ write }) => {
    write("INFO 214 books read");
    return exitCode;
  };

export const agentPrograms: Readonly<Record<string, Program>> = {
  "librarian:1": serving,
  "librarian:2": serving,
  "librarian:3": failing,
  "reporter:1": serving,
  "night-desk:1": starting,
  "shelves:1": async () => ({ fetch: () => new Response("PONG") }),
  "reindex:1": job(0),
  "fetch-news:1": job(2),
};
