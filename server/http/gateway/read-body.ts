// Reads a request body as a JSON object, bounded in bytes.

import { GatewayError } from "../../contracts/errors.ts";
import { deepestNesting, isTooDeep, parseObject } from "../../contracts/json.ts";
import type { ReadBody } from "../../request/stages.ts";

/**
 * @throws GatewayError payload_too_large, invalid_json, invalid_request for a body that is encoded or nested too deeply,
 * or client_closed_request when it does not arrive whole.
 */
export async function readJsonBody(request: Request, limitBytes: number): Promise<ReadBody> {
  const encoding = request.headers.get("content-encoding");
  if (encoding && encoding !== "identity") {
    throw new GatewayError("invalid_request", "Compressed request bodies are not supported.", {
      param: "content-encoding",
    });
  }
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const { text, bytes } = await readText(request, declared, limitBytes);
  const body = parseObject(text);
  if (!body) throw new GatewayError("invalid_json");
  if (isTooDeep(body, text.length)) {
    throw new GatewayError("invalid_request", `The request body is nested deeper than ${deepestNesting} levels.`);
  }
  return { body, bytes, text };
}

/** A declared length bounds the body by itself; without one (NaN) it is counted. */
async function readText(request: Request, declared: number, limitBytes: number) {
  try {
    if (Number.isNaN(declared)) return await readBounded(request, limitBytes);
    return { text: await request.text(), bytes: declared };
  } catch (thrown) {
    if (thrown instanceof GatewayError || !request.signal.aborted) throw thrown;
    throw new GatewayError("client_closed_request", undefined, { cause: thrown });
  }
}

async function readBounded(request: Request, limitBytes: number): Promise<{ text: string; bytes: number }> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) throw tooLarge(limitBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), bytes };
}

function tooLarge(limitBytes: number): GatewayError {
  return new GatewayError("payload_too_large", undefined, { details: { limit_bytes: limitBytes } });
}
