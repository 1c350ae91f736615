// What the tests of this folder talk through: the official client, in front of a whole gateway, in front of an upstream
// that others wrote. One setup per kind of upstream, so that each claim is tried on all of them.

import { LLMock } from "@copilotkit/aimock";
import OpenAI from "openai";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { WireTap } from "./wire-tap.ts";

/** A model that every setup serves, under the catalogue's name. */
export const model = "openai/gpt-5.4";

/** What aimock reports for each of its answers. */
export const counted = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };

export type Setup = {
  /** Completes "with ...". */
  readonly upstream: string;
  /** Protocols that reach the upstream without translation. */
  readonly speaks: readonly ("responses" | "chat")[];
  readonly gateway: TestGateway;
  readonly client: OpenAI;
  /** The wire between the gateway and its upstream. */
  readonly tap: WireTap;
};

export type Setups = { readonly all: readonly Setup[]; close(): Promise<void> };

const kinds = [
  {
    upstream: "OpenRouter",
    speaks: ["responses", "chat"],
    environment: (url: string) => ({ OPENROUTER_API_KEY: "sk-or-test", OPENROUTER_BASE_URL: `${url}/api/v1` }),
  },
  {
    upstream: "OpenAI",
    speaks: ["responses", "chat"],
    environment: (url: string) => ({ OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: `${url}/v1` }),
  },
  {
    upstream: "an upstream without Responses",
    speaks: ["chat"],
    environment: (url: string) => named(url, "chat-completions"),
  },
  {
    upstream: "an upstream with Responses alone",
    speaks: ["responses"],
    environment: (url: string) => named(url, "responses"),
  },
] as const;

function named(url: string, protocols: string): Record<string, string> {
  return {
    ASTROLABE_UPSTREAMS: "named",
    NAMED_BASE_URL: `${url}/v1`,
    NAMED_PROTOCOLS: protocols,
    NAMED_MODELS: `${model}=gpt-5.4`,
  };
}

/** Starts aimock with the answers that `script` gives it, and one gateway per kind of upstream before it. */
export async function startSetups(script: (mock: LLMock) => void): Promise<Setups> {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  script(mock);
  await mock.start();
  const all = await Promise.all(
    kinds.map(async ({ upstream, speaks, environment }): Promise<Setup> => {
      const tap = new WireTap(mock.url);
      const gateway = await startGateway(environment(tap.url));
      return { upstream, speaks, gateway, client: clientOf(gateway), tap };
    }),
  );
  return {
    all,
    async close() {
      await Promise.all(all.map(({ gateway }) => gateway.close()));
      await Promise.all(all.map(({ tap }) => tap.stop()));
      await mock.stop();
    },
  };
}

/** The official client as its documentation shows it, but without retries: a test wants to see the first answer. */
export function clientOf(gateway: TestGateway, apiKey = gateway.liveKey): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
}
