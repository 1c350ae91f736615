// One attempt: a POST to an address that was checked just before, without redirects, within a time limit. The answer
// counts by its status alone; its body is not read.

import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { bareHost, checkedAddress, urlFault, type ResolvedAddress, type ResolveHost } from "./receiver-address.ts";
import type { SignedMessage } from "./signature.ts";

/** `status` is undefined when no answer came; `error` then says why, in words that hold no secret. */
export type PostOutcome = { readonly status: number | undefined; readonly error: string | undefined };

export type PostMessage = (url: string, message: SignedMessage, signal: AbortSignal) => Promise<PostOutcome>;

export type PostOptions = {
  /** Also http, and addresses that are not public: for development. */
  readonly allowPrivate: boolean;
  /** For the whole attempt, the name's look-up included. */
  readonly timeoutMs?: number;
  readonly resolve?: ResolveHost;
};

const resolveBySystem: ResolveHost = (host) => lookup(host, { all: true });

export function messagePoster(options: PostOptions): PostMessage {
  const { allowPrivate, timeoutMs = 10_000, resolve = resolveBySystem } = options;
  return async (url, message, signal) => {
    const fault = urlFault(url, allowPrivate);
    if (fault !== undefined) return { status: undefined, error: `the address is not ${fault}` };
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([timeout, signal]);
    try {
      const target = new URL(url);
      const address = await within(either, checkedAddress(bareHost(target), resolve, allowPrivate));
      const status = await within(either, post(target, address, message, either));
      return { status, error: status >= 200 && status < 300 ? undefined : `the receiver answered ${status}` };
    } catch (thrown) {
      if (timeout.aborted) return { status: undefined, error: `no answer within ${timeoutMs / 1000} s` };
      return { status: undefined, error: signal.aborted ? "the server is stopping" : describe(thrown) };
    }
  };
}

/** Resolves with the status. The connection goes to `address`; name and certificate stay those of the URL. */
async function post(url: URL, { address, family }: ResolvedAddress, message: SignedMessage, signal: AbortSignal) {
  // Loaded with the first message: most servers send none, and would carry the modules for nothing.
  const { request: send } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  return new Promise<number>((resolve, reject) => {
    const { body, headers } = message;
    const outgoing = send(
      url,
      {
        method: "POST",
        agent: false,
        headers: { ...headers, "content-length": Buffer.byteLength(body).toString() },
        lookup: (_host, { all }, found) => {
          if (all) found(null, [{ address, family }]);
          else found(null, address, family);
        },
      },
      (answer: IncomingMessage) => {
        resolve(answer.statusCode ?? 0);
        answer.on("error", () => undefined);
        answer.destroy();
      },
    );
    outgoing.on("error", reject);
    signal.addEventListener("abort", () => outgoing.destroy(), { once: true });
    outgoing.end(body);
  });
}

function within<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error("aborted"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Codes of the system and of certificates tell enough; anything longer might quote the address or more. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "it could not be sent";
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
  if (code === "ENOTFOUND") return "the host name has no address";
  if (code !== undefined) return `it could not be sent (${code.slice(0, 60)})`;
  return thrown.message.startsWith("the host name") ? thrown.message : "it could not be sent";
}
