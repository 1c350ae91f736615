// How the cluster is reached: address, trust and credentials, out of a kubeconfig or a pod's service account. The client's
// package reads them and renews tokens; requests go out by Bun's own fetch, because the package's transport loses
// certificates on Bun, where its HTTP library is replaced.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { RuntimeError } from "../runtime.ts";
import type { ClusterAccess } from "./settings.ts";

export type Connection = {
  /** Without a slash at its end. */
  readonly server: string;
  /** What a request needs besides its own; asked for each request, since tokens end. */
  credentials(): Promise<Credentials>;
};

export type Credentials = {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Bun.TLSOptions & { readonly rejectUnauthorized: boolean };
  readonly proxy: string | undefined;
};

/** A sign-in program of a kubeconfig may take so long. */
const credentialsTimeoutMs = 30_000;

/** Throws RuntimeError `unavailable` when there is no configuration, or one that cannot be used. */
export async function openConnection(access: ClusterAccess): Promise<Connection> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (access.kind === "in_cluster") loadServiceAccount(config, access);
  else loadFiles(config, KubeConfig, access);
  const cluster = config.getCurrentCluster();
  if (cluster === null || cluster.server === "") {
    throw unusable(`the kubeconfig has no cluster for its context ${config.getCurrentContext() || "(none)"}`);
  }
  return {
    server: cluster.server.replace(/\/+$/, ""),
    credentials: () => readCredentials(config, cluster.proxyUrl),
  };
}

function loadServiceAccount(config: KubeConfig, access: ClusterAccess & { kind: "in_cluster" }): void {
  const host = access.host.includes(":") ? `[${access.host}]` : access.host;
  const [tokenFile, caFile] = [join(access.folder, "token"), join(access.folder, "ca.crt")];
  if (!existsSync(tokenFile)) throw unusable(`the pod has no service account token at ${tokenFile}`);
  config.loadFromOptions({
    clusters: [{ name: "cluster", server: `https://${host}:${access.port}`, caFile, skipTLSVerify: false }],
    users: [{ name: "pod", authProvider: { name: "tokenFile", config: { tokenFile } } }],
    contexts: [{ name: "pod", cluster: "cluster", user: "pod" }],
    currentContext: "pod",
  });
}

function loadFiles(
  config: KubeConfig,
  Reader: typeof KubeConfig,
  access: ClusterAccess & { kind: "kubeconfig" },
): void {
  const files = (access.files ?? [join(homedir(), ".kube", "config")]).filter((file) => existsSync(file));
  const [first, ...rest] = files;
  if (first === undefined) {
    throw unusable(`there is no kubeconfig at ${access.files?.join(", ") ?? "~/.kube/config"}`);
  }
  try {
    config.loadFromFile(first);
    for (const file of rest) {
      const further = new Reader();
      further.loadFromFile(file);
      config.mergeConfig(further, true);
    }
  } catch (cause) {
    throw unusable(`the kubeconfig ${files.join(", ")} cannot be read`, cause);
  }
  if (access.context === undefined) return;
  if (config.getContextObject(access.context) === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw unusable(`the kubeconfig has no context ${access.context}, but ${names.join(", ") || "none at all"}`);
  }
  config.setCurrentContext(access.context);
}

async function readCredentials(config: KubeConfig, proxy: string | undefined): Promise<Credentials> {
  const options: RequestOptions = { headers: {} };
  try {
    await withinTime(config.applyToHTTPSOptions(options), credentialsTimeoutMs);
  } catch (cause) {
    throw unusable("the kubeconfig's credentials cannot be had", cause);
  }
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  return {
    headers: {
      ...Object.fromEntries(headers),
      ...(typeof options.auth === "string" ? { Authorization: `Basic ${btoa(options.auth)}` } : {}),
    },
    tls: {
      rejectUnauthorized: options.rejectUnauthorized ?? true,
      ...(options.ca === undefined ? {} : { ca: pem(options.ca) }),
      ...(options.cert === undefined ? {} : { cert: pem(options.cert) }),
      ...(options.key === undefined ? {} : { key: pem(options.key) }),
      ...(options.servername === undefined ? {} : { serverName: options.servername }),
    },
    proxy,
  };
}

/** The package gives certificates as text or bytes. */
function pem(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString("utf8") : String(value);
}

async function withinTime(work: Promise<void>, timeoutMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unusable(message: string, cause?: unknown): RuntimeError {
  return new RuntimeError("unavailable", message, {
    hint: "Set ASTROLABE_KUBERNETES_KUBECONFIG and ASTROLABE_KUBERNETES_CONTEXT, and try them with `kubectl version`.",
    cause,
  });
}
