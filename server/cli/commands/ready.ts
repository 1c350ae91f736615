// `astrolabe ready`: what `GET /ready` says, as an exit code, for whoever watches a server and has no curl.

import { arrayAt, parseObject } from "../../contracts/json.ts";
import type { CliAnswer, CliCall, CliCommand } from "../command.ts";
import { CliFailure, serverUrl } from "../control-client.ts";

/** Shorter than what watches is willing to wait. */
const answerWithinMs = 4_000;

export const readyCommand: CliCommand = {
  words: ["ready"],
  positionals: [],
  summary: "Say whether the server takes requests; exits with 1 and the reasons when it does not",
  options: {},
  run: ready,
};

async function ready({ text, environment }: CliCall): Promise<CliAnswer> {
  const baseUrl = (text("url") ?? serverUrl(environment)).replace(/\/+$/, "");
  const { status, report } = await ask(baseUrl);
  const isReady = status === 200 && report["ok"] === true;
  const issues = (arrayAt(report, "issues") ?? []).filter((issue) => typeof issue === "string");
  const lines = isReady ? ["ready"] : issues.length > 0 ? issues : [`The server at ${baseUrl} answers ${status}.`];
  return { json: { ok: isReady, issues }, lines, failed: !isReady };
}

/** @throws CliFailure when nothing answers in time */
async function ask(baseUrl: string) {
  try {
    const response = await fetch(`${baseUrl}/ready`, { signal: AbortSignal.timeout(answerWithinMs) });
    return { status: response.status, report: parseObject(await response.text()) ?? {} };
  } catch (cause) {
    throw new CliFailure(`The server at ${baseUrl} does not answer.`, { cause });
  }
}
