// Signature Version 4 as AWS describes it, computed anew out of a request that arrived.

import { createHash, createHmac } from "node:crypto";

export type ArrivedRequest = {
  readonly method: string;
  /** As it was sent, with its escapes. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
};

export type SigningScope = { readonly secretAccessKey: string; readonly region: string; readonly service: string };

/** The `authorization` that the request must carry, made of the signed headers that it names; no header without those. */
export function expectedAuthorization(
  { method, path, headers, body }: ArrivedRequest,
  { secretAccessKey, region, service }: SigningScope,
): string {
  const given = headers.get("authorization") ?? "";
  if (!given.startsWith("AWS4-HMAC-SHA256 ")) return "a signature";
  const accessKeyId = /Credential=([^/]+)\//.exec(given)?.[1] ?? "";
  const signed = (/SignedHeaders=([^,]+),/.exec(given)?.[1] ?? "").split(";");
  const date = headers.get("x-amz-date") ?? "";
  const scope = [date.slice(0, 8), region, service, "aws4_request"];
  const canonical = [
    method,
    // Each segment is encoded once more than in the path that was sent.
    path.split("/").map(encodeURIComponent).join("/"),
    "",
    ...signed.map((name) => `${name}:${(headers.get(name) ?? "").trim()}`),
    "",
    signed.join(";"),
    createHash("sha256").update(body).digest("hex"),
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", date, scope.join("/"), digest].join("\n");
  const key = scope.reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join("/")}, SignedHeaders=${signed.join(";")}, Signature=${signature}`;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
