// What a start prints: always the address; the keys once, on the start that made them.

import { formatUsdShort } from "../money/picodollars.ts";
import type { FirstStartSecrets } from "./first-start.ts";

export type StartFacts = {
  /** Without a trailing slash. */
  readonly address: string;
  /** The configured upstreams, a few words each; none: the sandbox serves. */
  readonly upstreams: readonly string[];
  /** Undefined on every start but the first. */
  readonly secrets: FirstStartSecrets | undefined;
  /** Which keys the operator brought: those are known already, and a log is no place for them. */
  readonly given: { readonly liveKey: boolean; readonly testKey: boolean };
  /** The link that makes the owner, on the first start; later ones only know whether somebody used one. */
  readonly owner: { readonly link: string } | "none yet" | "claimed";
};

/** The lines for the operator's terminal. */
export function firstStartText({ address, upstreams, secrets, given, owner }: StartFacts): string[] {
  const serving =
    upstreams.length === 0
      ? "no upstream configured: the sandbox answers, and says so (docs/sandbox.md)"
      : `upstreams: ${upstreams.join(", ")}`;
  const lines = [
    `Astrolabe is serving at ${address}`,
    `  console   ${address}/`,
    `  API       ${address}/v1`,
    `  ${serving}`,
  ];
  lines.push(...ownerLines(owner));
  if (!secrets) return lines;
  const allGiven = given.liveKey && given.testKey;
  return [
    ...lines,
    "",
    `First start: a workspace with ${formatUsdShort(secrets.credits)} USD of credits is ready. ${allGiven ? "Its keys:" : "These keys are shown only now:"}`,
    `  live key  ${given.liveKey ? "the one in ASTROLABE_INIT_API_KEY" : secrets.liveKey}`,
    `  test key  ${given.testKey ? "the one in ASTROLABE_INIT_TEST_KEY" : secrets.testKey}   (sandbox only, costs nothing)`,
    "",
    "Try it:",
    "",
    `curl ${address}/v1/responses \\`,
    `  -H "Authorization: Bearer ${given.liveKey ? "$ASTROLABE_INIT_API_KEY" : secrets.liveKey}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"model": "astrolabe/auto", "input": "Write one sentence explaining routing stacks."}'`,
    "",
  ];
}

function ownerLines(owner: StartFacts["owner"]): string[] {
  if (owner === "claimed") return [];
  if (owner === "none yet")
    return ["", "Nobody owns this server yet: npx astrolabe owner-link prints the link to become the owner."];
  return ["", "Open this link to become the owner. It works once, for 24 hours:", `  owner link  ${owner.link}`];
}
