// One request to a server before it is measured, so that a wrong setup fails with the server's own words and a server
// that answers something else than the upstream said is not measured at all.

import { pathOf, requestBody, type Protocol } from "../prompt.ts";
import { answerText } from "./mock-answers.ts";
import { targetLabels, type Target } from "./targets.ts";

const probeWithinMs = 30_000;
const shownCharacters = 500;

/** @throws Error with the server's answer when it is not the upstream's. */
export async function probeTarget({ name, server }: Target, protocol: Protocol): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${server.port}${pathOf[protocol]}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...server.headers },
    body: requestBody(protocol, server.model),
    signal: AbortSignal.timeout(probeWithinMs),
  });
  const body = await response.text();
  if (response.status === 200 && body.includes(answerText)) return;
  const answer = body.slice(0, shownCharacters);
  throw new Error(`${targetLabels[name]} does not pass on the upstream's answer: HTTP ${response.status} ${answer}`);
}
