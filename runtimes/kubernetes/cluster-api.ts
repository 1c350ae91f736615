// The few calls that the runtime makes to the API server. What fails becomes a RuntimeError in words for people.

import { RuntimeError } from "../runtime.ts";
import type { Connection, Credentials } from "./connection.ts";
import { refusal } from "./refusal.ts";
import { fieldManager, selectorText } from "./names.ts";
import { resourcePath, resources, type Kind, type Manifest } from "./resources.ts";

export type ClusterApi = {
  readonly namespace: string;
  /** Undefined when there is none. */
  get(kind: Kind, name: string, signal?: AbortSignal): Promise<unknown>;
  list(kind: Kind, labels: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<readonly unknown[]>;
  /** Server-side apply: what an earlier apply set and this one leaves out is removed. */
  apply(manifest: Manifest, signal?: AbortSignal): Promise<unknown>;
  /** `metadata.generateName` lets the server find a name. Never repeated. */
  create(kind: Kind, body: object, signal?: AbortSignal): Promise<unknown>;
  /** A merge patch; false when the object does not exist. */
  patch(kind: Kind, name: string, body: object, signal?: AbortSignal): Promise<boolean>;
  scale(kind: "Deployment" | "StatefulSet", name: string, replicas: number, signal?: AbortSignal): Promise<boolean>;
  /** With the pods and jobs that belong to it, which go first. No error when it is gone already. */
  remove(kind: Kind, name: string, signal?: AbortSignal): Promise<void>;
  /** Lines with their times; undefined when the container has no log (yet). */
  log(pod: string, query: LogOptions, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Any other address, for looking at the cluster itself. */
  read(path: string, signal?: AbortSignal): Promise<unknown>;
  post(path: string, body: object, signal?: AbortSignal): Promise<unknown>;
};

export type LogOptions = {
  readonly container: string;
  readonly follow: boolean;
  /** Of the container that ran before the last restart. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  /** ISO 8601. */
  readonly sinceTime?: string;
};

const answerTimeoutMs = 30_000;
const pageSize = 500;
const mostPages = 100;
/** Waits before further attempts at what may be repeated. */
const retryDelaysMs = [200, 500, 1000, 2000];

type Call = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Whether the answer goes on for as long as the caller listens. */
  readonly stream?: boolean;
};

export function createClusterApi(connection: Connection, namespace: string): ClusterApi {
  const send = (call: Call): Promise<Response> => sendRepeatedly(connection, call);
  const json = async (call: Call): Promise<unknown> => (await succeeded(await send(call), call)).json();
  const missing = async (call: Call): Promise<Response | undefined> => {
    const response = await send(call);
    if (response.status !== 404) return succeeded(response, call);
    await response.body?.cancel();
    return undefined;
  };
  return {
    namespace,
    get: async (kind, name, signal) =>
      (await missing({ method: "GET", path: resourcePath(kind, namespace, name), signal }))?.json(),
    list: (kind, labels, signal) => listAll(json, resourcePath(kind, namespace), selectorText(labels), signal),
    apply: (manifest, signal) =>
      json({
        method: "PATCH",
        path: resourcePath(manifest.kind, namespace, manifest.metadata.name),
        query: { fieldManager, force: "true", fieldValidation: "Strict" },
        // JSON is YAML.
        contentType: "application/apply-patch+yaml",
        body: manifest,
        signal,
      }),
    create: (kind, body, signal) =>
      json({ method: "POST", path: resourcePath(kind, namespace), query: { fieldManager }, body, signal }),
    patch: async (kind, name, body, signal) =>
      (await missing(mergePatch(resourcePath(kind, namespace, name), body, signal))) !== undefined,
    scale: async (kind, name, replicas, signal) => {
      const path = `${resourcePath(kind, namespace, name)}/scale`;
      return (await missing(mergePatch(path, { spec: { replicas } }, signal))) !== undefined;
    },
    remove: async (kind, name, signal) => {
      const path = resourcePath(kind, namespace, name);
      const propagationPolicy = resources[kind].owns ? "Foreground" : "Background";
      await missing({ method: "DELETE", path, body: { propagationPolicy }, signal });
    },
    log: (pod, options, signal) => openLog(send, resourcePath("Pod", namespace, pod), options, signal),
    read: (path, signal) => json({ method: "GET", path, signal }),
    post: (path, body, signal) => json({ method: "POST", path, body, signal }),
  };
}

function mergePatch(path: string, body: object, signal: AbortSignal | undefined): Call {
  return {
    method: "PATCH",
    path,
    query: { fieldManager },
    contentType: "application/merge-patch+json",
    body,
    signal,
  };
}

async function listAll(
  json: (call: Call) => Promise<unknown>,
  path: string,
  labelSelector: string,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let next = "";
  for (let page = 0; page < mostPages; page += 1) {
    const query = { labelSelector, limit: String(pageSize), ...(next === "" ? {} : { continue: next }) };
    const answer = listAnswer(await json({ method: "GET", path, query, signal }));
    items.push(...answer.items);
    if (answer.next === "") break;
    next = answer.next;
  }
  return items;
}

function listAnswer(answer: unknown): { readonly items: readonly unknown[]; readonly next: string } {
  const object = typeof answer === "object" && answer !== null ? answer : {};
  const items: unknown = "items" in object ? object.items : undefined;
  const metadata: unknown = "metadata" in object ? object.metadata : undefined;
  const next = typeof metadata === "object" && metadata !== null && "continue" in metadata ? metadata.continue : "";
  return { items: Array.isArray(items) ? items : [], next: typeof next === "string" ? next : "" };
}

/** A container that never started, or whose log is gone, is answered with 400 or 404. */
async function openLog(
  send: (call: Call) => Promise<Response>,
  path: string,
  options: LogOptions,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const query = {
    container: options.container,
    timestamps: "true",
    follow: String(options.follow),
    previous: String(options.previous ?? false),
    ...(options.tailLines === undefined ? {} : { tailLines: String(options.tailLines) }),
    ...(options.sinceTime === undefined ? {} : { sinceTime: options.sinceTime }),
  };
  const call: Call = { method: "GET", path: `${path}/log`, query, signal, stream: true };
  const response = await send(call);
  if (response.status !== 400 && response.status !== 404) return (await succeeded(response, call)).body ?? undefined;
  await response.body?.cancel();
  return undefined;
}

async function succeeded(response: Response, call: Call): Promise<Response> {
  if (response.ok) return response;
  throw await refusal(response, call);
}

/** Everything but POST means the same when it is said twice. */
async function sendRepeatedly(connection: Connection, call: Call): Promise<Response> {
  for (const delayMs of retryDelaysMs) {
    const credentials = await connection.credentials();
    const response = await sendOnce(connection.server, credentials, call).catch((error: unknown) =>
      unlessRepeatable(call, error),
    );
    if (response !== undefined && !isPassing(response.status, call)) return response;
    const waitMs = Math.min(retryAfterMs(response) ?? delayMs, 5_000);
    await response?.body?.cancel();
    await pause(waitMs, call.signal);
  }
  return sendOnce(connection.server, await connection.credentials(), call);
}

function isPassing(status: number, call: Call): boolean {
  return status === 429 || (call.method !== "POST" && status >= 500);
}

function unlessRepeatable(call: Call, error: unknown): undefined {
  call.signal?.throwIfAborted();
  if (call.method === "POST" || !(error instanceof RuntimeError) || error.cause === undefined) throw error;
  if (/certificate|self.signed|CERT_|TLS|SSL|ECONNREFUSED|ConnectionRefused/i.test(errorText(error.cause))) throw error;
  return undefined;
}

function retryAfterMs(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

async function sendOnce(server: string, { headers, tls, proxy }: Credentials, call: Call): Promise<Response> {
  const url = new URL(server + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error("no answer in time")), answerTimeoutMs);
  const signals = [late.signal, ...(call.signal === undefined ? [] : [call.signal])];
  try {
    const response = await fetch(url, {
      method: call.method,
      headers: { ...headers, Accept: "application/json", "Content-Type": call.contentType ?? "application/json" },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any(signals),
      redirect: "manual",
      tls,
      ...(proxy === undefined ? {} : { proxy }),
    });
    return call.stream === true ? response : new Response(await response.arrayBuffer(), response);
  } catch (cause) {
    call.signal?.throwIfAborted();
    throw unreachable(url.host, cause);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(host: string, cause: unknown): RuntimeError {
  const text = errorText(cause);
  const isTrust = /certificate|self.signed|CERT_/i.test(text);
  return new RuntimeError("unavailable", `the cluster at ${host} cannot be reached: ${text}`, {
    hint: isTrust
      ? "Give the kubeconfig the cluster's own certificate authority."
      : "See whether the cluster runs and whether this machine may reach its API.",
    cause,
  });
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rejects with the signal's reason when it is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
