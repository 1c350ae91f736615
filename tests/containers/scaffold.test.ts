// A scaffold as `ast create` writes it, run by `ast dev`: its own Dockerfile installs its packages and runs it as user 1000.
// Only the base image is another one, since no image registry can be reached.

import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { buildImage } from "../../runtimes/docker/build-image.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { stringAt } from "../../server/contracts/json.ts";
import { installAst, keepSession, type Ast } from "../support/ast.ts";
import { bunImage } from "../support/bun-image.ts";
import { describeWithContainers, testEngine } from "../support/container-engine.ts";
import { busybox } from "../support/container-image.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp } from "../support/people.ts";

const baseImage = "localhost/astrolabe-test/bun-with-shell:1";
const ownBase = /^FROM oven\/bun:\S+/gm;
const certificates = "/etc/ssl/certs/ca-certificates.crt";

describeWithContainers("a scaffold on its developer's machine", () => {
  let engine: Engine;
  let gateway: OperatedGateway;
  let ast: Ast;
  let cwd: string;

  beforeAll(async () => {
    engine = await testEngine();
    await buildBase(engine);
    const port = await freePort();
    gateway = await startOperatedGateway({ PORT: String(port), ASTROLABE_PUBLIC_URL: `http://127.0.0.1:${port}` });
    const home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
    const ada = await signUp(gateway, { roles: { [home]: "developer" } });
    ast = installAst({ ASTRO_SERVER_URL: gateway.url, ASTRO_ACCOUNT: home, DOCKER_HOST: engine.dockerHost });
    await keepSession(ast, gateway, ada);
    cwd = mkdtempSync(join(tmpdir(), "scaffold-project-"));
  }, 180_000);

  afterAll(async () => {
    ast.remove();
    rmSync(cwd, { recursive: true, force: true });
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  test("is built by its Dockerfile, answers by the gateway, and starts anew when its code changes", async () => {
    expect((await ast.run(["create", "my-agent", "-t", "openai"], { cwd })).code).toBe(0);
    const folder = join(cwd, "my-agent");
    const dockerfile = await Bun.file(join(folder, "Dockerfile")).text();
    expect(dockerfile.match(ownBase)).toHaveLength(2);
    await Bun.write(join(folder, "Dockerfile"), dockerfile.replaceAll(ownBase, `FROM ${baseImage}`));
    const running = ast.start(["dev"], { cwd: folder });
    // The wait for each line is limited, and packages take their time.
    await running.shows(/step 2 of 10/);
    await running.shows(/Built agent/);
    const [, address = ""] = await running.shows(/(http:\/\/localhost:\d+)/);
    const answer = await fetch(`${address}/chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: 'What is the current_time in "Europe/Paris"?' }),
    });
    expect(await answer.text()).toContain("The tool current_time returned:");
    const main = join(folder, "agent/main.ts");
    await Bun.write(main, (await Bun.file(main).text()).replace("There is nothing here", "Here is nothing"));
    await untilAnswers(`${address}/elsewhere`, "Here is nothing");
    running.interrupt();
    expect((await running.ended).code).toBe(0);
  }, 180_000);
});

/** What a base image of Bun has: the program, a shell, and the certificates of this machine. */
async function buildBase(engine: Engine): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "scaffold-base-"));
  try {
    copyFileSync(busybox(), join(folder, "busybox"));
    if (existsSync(certificates)) copyFileSync(certificates, join(folder, "certificates"));
    const lines = [
      `FROM ${await bunImage(engine)}`,
      "COPY busybox /bin/sh",
      `COPY certificates* ${certificates}`,
      `ENV PATH=/:/bin HOME=/tmp SSL_CERT_FILE=${certificates} NODE_EXTRA_CA_CERTS=${certificates}`,
      "WORKDIR /tmp",
      "ENTRYPOINT []",
    ];
    writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    const request = {
      image: baseImage,
      name: "base",
      folder,
      dockerfile: "Dockerfile",
      args: {},
      labels: {},
      fresh: false,
    };
    await buildImage(engine, { ...request, secrets: new Map() }, () => undefined, AbortSignal.timeout(120_000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws what it answered last, when it never says so */
async function untilAnswers(address: string, text: string): Promise<void> {
  let last = "";
  for (let looks = 0; looks < 300; looks++) {
    last = await fetch(address).then((answer) => answer.text(), String);
    if (last.includes(text)) return;
    await Bun.sleep(50);
  }
  throw new Error(`${address} never said "${text}", but: ${last}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
