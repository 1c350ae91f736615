// What the tests of Messages talk through: Anthropic's official client, in front of a whole gateway, in front of an
// upstream that others wrote. One setup per way in which an upstream can be reached.

import Anthropic from "@anthropic-ai/sdk";
import { LLMock } from "@copilotkit/aimock";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { WireTap } from "./wire-tap.ts";

export const model = "claude-sonnet-4-6";

export type MessagesSetup = {
  /** Completes "with ...". */
  readonly upstream: string;
  /** The path that the upstream is asked at. */
  readonly path: "/v1/messages" | "/v1/chat/completions" | "/v1/responses";
  readonly gateway: TestGateway;
  readonly client: Anthropic;
  readonly tap: WireTap;
};

const kinds = [
  {
    upstream: "Anthropic",
    path: "/v1/messages",
    environment: (url: string) => ({ ANTHROPIC_API_KEY: "sk-ant-test", ANTHROPIC_BASE_URL: url }),
  },
  {
    upstream: "OpenRouter",
    path: "/v1/messages",
    environment: (url: string) => ({ OPENROUTER_API_KEY: "sk-or-test", OPENROUTER_BASE_URL: `${url}/v1` }),
  },
  {
    upstream: "an upstream with Chat Completions alone",
    path: "/v1/chat/completions",
    environment: (url: string) => named(url, "chat-completions"),
  },
  {
    upstream: "an upstream with Responses alone",
    path: "/v1/responses",
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

export async function startMessagesSetups(script: (mock: LLMock) => void) {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  script(mock);
  await mock.start();
  const all = await Promise.all(
    kinds.map(async ({ upstream, path, environment }): Promise<MessagesSetup> => {
      const tap = new WireTap(mock.url);
      const gateway = await startGateway(environment(tap.url));
      return { upstream, path, gateway, client: anthropicClientOf(gateway), tap };
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
export function anthropicClientOf(gateway: TestGateway, apiKey = gateway.liveKey, path = ""): Anthropic {
  return new Anthropic({ apiKey, baseURL: gateway.url + path, maxRetries: 0 });
}
