// Reads a request body as a JSON object, bounded in bytes.

import { GatewayError } from "../../contracts/errors.ts";
import { parseObject, type JsonObject } from "../../contracts/json.ts";

/** @throws GatewayError payload_too_large, invalid_json, or invalid_request for an encoded body. */
export async function readJsonBody(request: Request, limitBytes: number): Promise<{ body: JsonObject; bytes: number }> {
  const encoding = request.headers.get("content-encoding");
  if (encoding && encoding !== "identity") {
    throw new GatewayError("invalid_request", "Compressed request bodies are not supported.", {
      param: "content-encoding",
    });
  }
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const { text, bytes } = Number.isNaN(declared)
    ? await readBounded(request, limitBytes)
    : { text: await request.text(), bytes: declared };
  const body = parseObject(text);
  if (!body) throw new GatewayError("invalid_json");
  return { body, bytes };
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
