// The transport of the Bedrock runtime: one signed POST to an operation of a model, and what its refusals mean.

import type { JsonObject } from "../../contracts/json.ts";
import type { AttemptClock } from "../http-provider/attempt-clock.ts";
import { maxErrorBytes, readText } from "../http-provider/bounded-body.ts";
import { withoutSecrets } from "../http-provider/upstream-errors.ts";
import { ProviderFailure } from "../provider.ts";
import { failureOfResponse } from "./bedrock-errors.ts";
import { requestSigner, secretsOf, type BedrockCredentials } from "./sign-request.ts";

export type RuntimeClientOptions = {
  /** Everything before `/model`: `https://bedrock-runtime.us-east-1.amazonaws.com`. */
  readonly endpoint: string;
  /** The AWS region that requests are signed for. */
  readonly region: string;
  readonly credentials: BedrockCredentials;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Unix milliseconds, for signatures and for dates in `retry-after`. */
  readonly now?: () => number;
};

export type Operation = "converse" | "converse-stream" | "invoke" | "invoke-with-response-stream";

export type RuntimeClient = {
  /** Resolves with an answer that is not a refusal. @throws ProviderFailure */
  post(model: string, operation: Operation, body: JsonObject, clock: AttemptClock): Promise<Response>;
  /** The same failure, sure to hold no credentials. */
  readonly clean: (failure: ProviderFailure) => ProviderFailure;
};

export function runtimeClient({ endpoint, region, credentials, ...rest }: RuntimeClientOptions): RuntimeClient {
  const now = rest.now ?? Date.now;
  const send = rest.fetch ?? fetch;
  const sign = requestSigner(credentials, region, now);
  const secrets = secretsOf(credentials);
  const base = endpoint.replace(/\/+$/, "");
  return {
    async post(model, operation, body, clock) {
      const url = `${base}/model/${pathSegment(model)}/${operation}`;
      const text = JSON.stringify(body);
      clock.signal.throwIfAborted();
      const headers = { ...(await sign({ url, body: text })), "content-type": "application/json" };
      // Redirects are never followed: they could carry the credentials elsewhere.
      const init = { method: "POST", headers, body: text, redirect: "error", signal: clock.signal } as const;
      const response = await send(url, init).catch((thrown: unknown) => {
        throw clock.failure(thrown, () => unreachable(thrown));
      });
      if (!response.ok) throw await refusal(response, clock, now());
      return response;
    },
    clean: (failure) => secrets.reduce((cleaned, secret) => withoutSecrets(cleaned, secret), failure),
  };
}

/** Ids hold colons and ARNs slashes: both are written in the path as AWS's own clients write them. */
function pathSegment(model: string): string {
  return encodeURIComponent(model).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function refusal(response: Response, clock: AttemptClock, nowMs: number): Promise<ProviderFailure> {
  clock.waitForChunk();
  // The status alone says what happened; a body that cannot be read takes nothing away from it.
  const text = await readText(response, maxErrorBytes).then(
    (read) => read.text,
    () => "",
  );
  return failureOfResponse(response, text, nowMs);
}

function unreachable(cause: unknown): ProviderFailure {
  return new ProviderFailure("unreachable", "the upstream could not be reached", { cause });
}
