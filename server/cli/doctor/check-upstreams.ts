// The upstreams: each is asked for its list of models, which costs nothing and shows whether it is there and takes the key.

import { entryOf } from "../../contracts/json.ts";
import type { CliUpstream } from "../command.ts";
import { ok, problem, reasonOf, warning, type Finding } from "./finding.ts";

const answerWithinMs = 5_000;
/** Requests that are signed or dated fail when the clocks are further apart, in seconds. */
const mostSkewSeconds = 60;
const anthropicVersion = "2023-06-01";
/** Vendors that take a key in a header of their own. */
const keyHeaders: { readonly [id: string]: string } = { gemini: "x-goog-api-key", "azure-openai": "api-key" };
/** What says that the key is not taken; Google answers 400 to a key that it does not know. */
const refusals: { readonly [id: string]: readonly number[] } = { gemini: [400, 401, 403] };
const usualRefusals = [401, 403];

export async function checkUpstreams(upstreams: readonly CliUpstream[]): Promise<readonly Finding[]> {
  if (upstreams.length > 0) return (await Promise.all(upstreams.map(checkUpstream))).flat();
  const says = "None is set, so the sandbox answers everything with simulated text. Set OPENROUTER_API_KEY or another.";
  return [warning("upstreams", says)];
}

async function checkUpstream({ id, baseUrl, apiKey, protocols }: CliUpstream): Promise<readonly Finding[]> {
  const about = `upstream ${id}`;
  const onlyMessages = protocols.length > 0 && protocols.every((protocol) => protocol === "messages");
  const keyHeader = entryOf(keyHeaders, id) ?? (onlyMessages ? "x-api-key" : undefined);
  const headers: Record<string, string> = {};
  if (apiKey !== undefined && keyHeader !== undefined) headers[keyHeader] = apiKey;
  else if (apiKey !== undefined) headers["authorization"] = `Bearer ${apiKey}`;
  if (onlyMessages) headers["anthropic-version"] = anthropicVersion;
  try {
    const asked = { headers, redirect: "manual", signal: AbortSignal.timeout(answerWithinMs) } as const;
    const response = await fetch(`${baseUrl}/models`, asked);
    await response.body?.cancel();
    return [judge(about, baseUrl, response.status, id), ...checkClock(about, response.headers.get("date"))];
  } catch (thrown) {
    const why =
      thrown instanceof Error && thrown.name === "TimeoutError" ? "it did not answer in time" : reasonOf(thrown);
    return [problem(about, `${baseUrl} cannot be reached: ${why.replace(/[.?]+$/, "")}.`)];
  }
}

function judge(about: string, baseUrl: string, status: number, id: string): Finding {
  if (status >= 200 && status < 300) return ok(about, `${baseUrl} answers.`);
  const refused = (entryOf(refusals, id) ?? usualRefusals).includes(status);
  if (refused) return problem(about, `${baseUrl} does not take the key (${status}).`);
  if (status === 404) return warning(about, `${baseUrl} answers, and has no list of models, so the key was not tried.`);
  return problem(about, `${baseUrl} answers ${status}.`);
}

function checkClock(about: string, date: string | null): readonly Finding[] {
  const skewSeconds = date === null ? Number.NaN : Math.abs(Date.now() - Date.parse(date)) / 1000;
  if (!(skewSeconds > mostSkewSeconds)) return [];
  return [warning("clock", `This machine's clock and that of ${about} differ by ${Math.round(skewSeconds)} seconds.`)];
}
