import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateFiles, serverTls, writeKubeconfig } from "../../tests/support/kubernetes-cluster.ts";
import { createClusterApi } from "./cluster-api.ts";
import { openConnection } from "./connection.ts";
import type { ClusterAccess } from "./settings.ts";

type Seen = { readonly authorization: string | null };

let folder = "";
let open: ReturnType<typeof Bun.serve>;
let mutual: ReturnType<typeof Bun.serve>;

function answer(request: Request): Response {
  return Response.json({ authorization: request.headers.get("authorization") });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "astrolabe-kubeconfig-"));
  const tls = await serverTls();
  open = Bun.serve({ port: 0, hostname: "127.0.0.1", tls, fetch: answer });
  const ca = await Bun.file(certificateFiles.authority).text();
  mutual = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: { ...tls, ca, requestCert: true, rejectUnauthorized: true },
    fetch: answer,
  });
});

afterAll(async () => {
  await Promise.all([open.stop(true), mutual.stop(true)]);
  await rm(folder, { recursive: true });
});

function addressOf({ port }: ReturnType<typeof Bun.serve>): string {
  return `https://127.0.0.1:${port}`;
}

async function access(cluster: object, user: object): Promise<ClusterAccess> {
  const file = await writeKubeconfig(join(folder, crypto.randomUUID()), cluster, user);
  return { kind: "kubeconfig", files: [file], context: undefined };
}

async function ask(given: ClusterAccess): Promise<unknown> {
  return createClusterApi(await openConnection(given), "agents").read("/version");
}

const authority = { "certificate-authority": certificateFiles.authority };

describe("a cluster with an authority of its own", () => {
  test("is trusted by the kubeconfig's certificate and told the bearer token", async () => {
    const seen = await ask(await access({ server: addressOf(open), ...authority }, { token: "abc" }));
    expect(seen).toEqual({ authorization: "Bearer abc" });
  });

  test("is trusted by a certificate that stands in the kubeconfig itself", async () => {
    const data = Buffer.from(await Bun.file(certificateFiles.authority).arrayBuffer()).toString("base64");
    const cluster = { server: addressOf(open), "certificate-authority-data": data };
    expect(await ask(await access(cluster, { username: "ann", password: "pass" }))).toEqual({
      authorization: `Basic ${btoa("ann:pass")}`,
    });
  });

  test("is refused without it, and the message says what to do", async () => {
    const work = ask(await access({ server: addressOf(open) }, { token: "abc" }));
    expect(work).rejects.toMatchObject({
      code: "unavailable",
      hint: "Give the kubeconfig the cluster's own certificate authority.",
    });
    await work.catch(() => undefined);
  });

  test("is believed by another name when the kubeconfig says so, and by no other", async () => {
    const cluster = { server: addressOf(open), ...authority };
    const named = await access({ ...cluster, "tls-server-name": "cluster.test" }, { token: "abc" });
    expect(await ask(named)).toEqual({ authorization: "Bearer abc" });
    const wrong = ask(await access({ ...cluster, "tls-server-name": "elsewhere.test" }, { token: "abc" }));
    expect(wrong).rejects.toMatchObject({ code: "unavailable" });
    await wrong.catch(() => undefined);
  });
});

test("a client certificate lets in, and without one the cluster hangs up", async () => {
  const cluster = { server: addressOf(mutual), ...authority };
  const { cert, key } = certificateFiles.client;
  expect(await ask(await access(cluster, { "client-certificate": cert, "client-key": key }))).toEqual({
    authorization: null,
  });
  const stranger = ask(await access(cluster, { token: "abc" }));
  expect(stranger).rejects.toMatchObject({ code: "unavailable" });
  await stranger.catch(() => undefined);
});

test("a sign-in program gives a token, or a certificate", async () => {
  const { cert, key } = certificateFiles.client;
  const [clientCertificateData, clientKeyData] = [await Bun.file(cert).text(), await Bun.file(key).text()];
  const program = async (status: object): Promise<string> => {
    const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
    const path = join(folder, `sign-in-${crypto.randomUUID()}`);
    await writeFile(path, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`);
    await chmod(path, 0o755);
    return path;
  };
  const exec = (command: string): object => ({
    exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" },
  });
  const token = await access({ server: addressOf(open), ...authority }, exec(await program({ token: "from-program" })));
  expect(await ask(token)).toEqual({ authorization: "Bearer from-program" });
  const pair = exec(await program({ clientCertificateData, clientKeyData }));
  expect(await ask(await access({ server: addressOf(mutual), ...authority }, pair))).toEqual({ authorization: null });
  const broken = ask(await access({ server: addressOf(open), ...authority }, exec("/nowhere/sign-in")));
  expect(broken).rejects.toMatchObject({ code: "unavailable", message: "the kubeconfig's credentials cannot be had" });
  await broken.catch(() => undefined);
});

test("a pod uses its service account", async () => {
  const account = await mkdtemp(join(folder, "account-"));
  await writeFile(join(account, "token"), "of-the-pod");
  await writeFile(join(account, "ca.crt"), await Bun.file(certificateFiles.authority).text());
  const inCluster: ClusterAccess = { kind: "in_cluster", host: "127.0.0.1", port: String(open.port), folder: account };
  const seen: unknown = await ask(inCluster);
  expect(seen).toEqual({ authorization: "Bearer of-the-pod" } satisfies Seen);
});

test("what is missing from a kubeconfig is named", async () => {
  const nowhere = openConnection({ kind: "kubeconfig", files: [join(folder, "nothing")], context: undefined });
  expect(nowhere).rejects.toThrow(/there is no kubeconfig at .*nothing/);
  await nowhere.catch(() => undefined);
  const file = await writeKubeconfig(join(folder, "without-other"), { server: addressOf(open) }, {});
  const wrong = openConnection({ kind: "kubeconfig", files: [file], context: "other" });
  expect(wrong).rejects.toThrow("has no context other, but test");
  await wrong.catch(() => undefined);
});
