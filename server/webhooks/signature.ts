// A delivery as it is sent: body and headers of the Standard Webhooks specification.

import type { WorkspaceEvent } from "../contracts/events.ts";
import { signingKey } from "./sealed-secret.ts";

export type SignedMessage = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

/**
 * The same event always has the same id and body; time and signature are those of the attempt.
 * @param secrets every one signs, so that a receiver may know either while a secret is replaced.
 * @param nowMs Unix milliseconds.
 */
export function signMessage(event: WorkspaceEvent, secrets: readonly string[], nowMs: number): SignedMessage {
  const { id, type, createdAt, data } = event;
  const body = JSON.stringify({ type, timestamp: new Date(createdAt).toISOString(), data });
  const timestamp = Math.floor(nowMs / 1000).toString();
  const signatures = secrets.map((secret) => {
    const hasher = new Bun.CryptoHasher("sha256", signingKey(secret));
    return `v1,${hasher.update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Astrolabe-Webhooks/1",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatures.join(" "),
    },
  };
}
