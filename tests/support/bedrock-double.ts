// A Bedrock runtime that answers as the test says, once the request has proved who sent it.

import { parseObject, type JsonObject } from "../../server/contracts/json.ts";
import { expectedAuthorization } from "./aws-signature.ts";

export const awsKeys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  sessionToken: "IQoJb3JpZ2luX2VjEXAMPLEtoken//////////wEaCXVzLWVhc3QtMSJ",
};

export const bedrockApiKey = "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29tLw";

export type BedrockCall = {
  /** As it was sent, with its escapes. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: JsonObject;
  /** Aborts when the gateway hangs up. */
  readonly signal: AbortSignal;
};
export type BedrockAnswer = (call: BedrockCall) => Response | Promise<Response>;

export type BedrockDouble = {
  readonly url: string;
  readonly calls: BedrockCall[];
  /** How calls are answered from now on. */
  answer: BedrockAnswer;
  close(): Promise<void>;
};

export function startBedrockDouble(region = "us-east-1"): BedrockDouble {
  const calls: BedrockCall[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const text = await request.text();
      const path = new URL(request.url).pathname;
      const arrived = { method: request.method, path, headers: request.headers, body: text };
      const scope = { secretAccessKey: awsKeys.secretAccessKey, region, service: "bedrock" };
      const proofs = [`Bearer ${bedrockApiKey}`, expectedAuthorization(arrived, scope)];
      if (!proofs.includes(request.headers.get("authorization") ?? ""))
        return refuses(403, "InvalidSignatureException", `The Canonical String should have been '${text}'`)();
      const call = { path, headers: request.headers, body: parseObject(text) ?? {}, signal: request.signal };
      calls.push(call);
      return double.answer(call);
    },
  });
  const double: BedrockDouble = {
    url: `http://127.0.0.1:${server.port}`,
    calls,
    answer: says("All is well."),
    close: () => server.stop(true),
  };
  return double;
}

/** Variables of a gateway over it. */
export function bedrockEnvironment({ url }: { readonly url: string }): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: awsKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: awsKeys.secretAccessKey,
    AWS_SESSION_TOKEN: awsKeys.sessionToken,
  };
}

export const plainUsage = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };

export function says(text: string, usage: JsonObject = plainUsage): () => Response {
  const output = { message: { role: "assistant", content: [{ text }] } };
  return () => Response.json({ output, stopReason: "end_turn", usage, metrics: { latencyMs: 3 } });
}

/** A stream of these frames; with `ending` it stays open until that settles. */
export function streams(frames: readonly Uint8Array[], ending?: Promise<unknown>): Response {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const bytes of frames) controller.enqueue(bytes);
      await ending;
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "application/vnd.amazon.eventstream" } });
}

/** A refusal as AWS writes it: the exception's name in a header, the words in the body. */
export function refuses(status: number, exception: string, message: string): () => Response {
  const headers = { "x-amzn-errortype": `${exception}:http://internal.amazon.com/coral/com.amazon.bedrock/` };
  return () => Response.json({ message }, { status, headers });
}
