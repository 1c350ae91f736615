// Signing in by RFC 8628: the program shows a code, the person lets it in with a browser, the program fetches a token.

import { z } from "zod";
import type { Json } from "../../server/contracts/json.ts";
import type { HttpClient } from "../api/http-client.ts";
import { Problem } from "../problem.ts";

const clientId = "ast";
const grantType = "urn:ietf:params:oauth:grant-type:device_code";
/** By the RFC, when the server does not say. */
const usualIntervalSeconds = 5;
const slowDownSeconds = 5;
const longestWaitSeconds = 30 * 60;

const codeSchema = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.string(),
  verification_uri_complete: z.string().optional(),
  expires_in: z.number(),
  interval: z.number().positive().optional(),
});

const tokenSchema = z.object({ access_token: z.string().min(1) });
const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() });

export type DeviceCode = {
  readonly deviceCode: string;
  readonly userCode: string;
  /** Where the person goes, with the code in it. */
  readonly address: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
};

/** @throws Problem when the server cannot be reached or does not let programs in */
export async function askForCode(http: HttpClient): Promise<DeviceCode> {
  const { status, body } = await http.exchange("POST", "/api/auth/device/code", { body: { client_id: clientId } });
  const code = codeSchema.safeParse(body);
  if (status !== 200 || !code.success) {
    throw new Problem("failed", `${http.server} does not let programs in${reasonIn(body)}.`, {
      hint: "Name an Astrolabe server with --server <address>.",
    });
  }
  const { data } = code;
  return {
    deviceCode: data.device_code,
    userCode: data.user_code,
    address: checkedAddress(data.verification_uri_complete ?? data.verification_uri),
    expiresInSeconds: Math.min(data.expires_in, longestWaitSeconds),
    intervalSeconds: data.interval ?? usualIntervalSeconds,
  };
}

export type Clock = { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<void> };

/**
 * Waits until the person has answered; gives the token.
 * @throws Problem when they refuse, when the code ends, or when interrupted
 */
export async function waitForToken(http: HttpClient, code: DeviceCode, clock: Clock): Promise<string> {
  const end = clock.now() + code.expiresInSeconds * 1000;
  let interval = code.intervalSeconds;
  while (clock.now() < end) {
    await clock.sleep(interval * 1000);
    const { status, body } = await http.exchange("POST", "/api/auth/device/token", {
      body: { grant_type: grantType, device_code: code.deviceCode, client_id: clientId },
      patient: true,
    });
    const token = tokenSchema.safeParse(body);
    if (status === 200 && token.success) return token.data.access_token;
    const refusal = refusalSchema.safeParse(body);
    const reason = refusal.success ? refusal.data.error : `status ${status}`;
    if (reason === "slow_down" || status === 429) interval += slowDownSeconds;
    else if (reason !== "authorization_pending" && status < 500) throw turnedAway(reason);
  }
  throw turnedAway("expired_token");
}

function turnedAway(reason: string): Problem {
  if (reason === "access_denied") {
    return new Problem("refused", "You were turned away in the browser; nobody is signed in.", { code: reason });
  }
  const [message, hint] =
    reason === "expired_token"
      ? ["The code has ended before it was answered.", "Run `ast login` again and open its address at once."]
      : [`The server ended the sign-in: ${reason}.`, "Run `ast login` again."];
  return new Problem("timed_out", message, { code: reason, hint });
}

/** What is opened in a browser is a page, whatever the server says. */
function checkedAddress(address: string): string {
  if (/^https?:$/.test(URL.parse(address)?.protocol ?? "")) return address;
  throw new Problem("failed", "The server named no page to sign in at.", { hint: "Its public address may be wrong." });
}

function reasonIn(body: Json | undefined): string {
  const refusal = refusalSchema.safeParse(body);
  return refusal.success ? `: ${refusal.data.error_description ?? refusal.data.error}` : "";
}
