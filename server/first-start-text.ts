// What a start prints: always the address; the keys once, on the start that made them.

import type { Config } from "./config.ts";

/** The keys that the first start made; undefined on every later one. */
export type FirstSecrets = { readonly liveKey: string; readonly testKey: string } | undefined;

export function firstStartText(address: string, secrets: FirstSecrets, config: Config): string[] {
  const upstreams =
    config.upstreams.length === 0
      ? "no upstream configured: the sandbox answers, and says so (docs/sandbox.md)"
      : `upstreams: ${config.upstreams.map((upstream) => upstream.id).join(", ")}`;
  const lines = [
    `Astrolabe is serving at ${address}`,
    `  console   ${address}/`,
    `  API       ${address}/v1`,
    `  ${upstreams}`,
  ];
  if (!secrets) return lines;
  const credits = config.initial.creditsUsd ?? "25";
  return [
    ...lines,
    "",
    `First start: a workspace with ${credits} USD of credits is ready. These keys are shown only now:`,
    `  live key  ${secrets.liveKey}`,
    `  test key  ${secrets.testKey}   (sandbox only, costs nothing)`,
    "",
    "Try it:",
    "",
    `curl ${address}/v1/responses \\`,
    `  -H "Authorization: Bearer ${secrets.liveKey}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"model": "astrolabe/auto", "input": "Write one sentence explaining routing stacks."}'`,
    "",
  ];
}
