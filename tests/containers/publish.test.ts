// `ast push` from end to end: images built and put into the engine or into a registry, and the build on the server.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import { connectEngine, type Engine } from "../../runtimes/docker/engine.ts";
import { findImage } from "../../runtimes/docker/find-image.ts";
import { ensureImage } from "../../runtimes/docker/pull-image.ts";
import { installAst, keepSession, type Ast, type Ended } from "../support/ast.ts";
import { describeWithContainers, testEngine, testPlace } from "../support/container-engine.ts";
import { registryUser, startImageRegistry, type ImageRegistry } from "../support/image-registry.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";
import { servingScript, writeShellProject } from "../support/shell-project.ts";

const patience = { timeout: 60_000 };

const blueprint = `
spec: blueprint/v1
name: published # the agent's name
agent:
  build:
    context: .
    dockerfile: Dockerfile
  inputs:
    - name: TOKEN
      datatype: string
      secret: true
      default: must-not-be-published
`;

describeWithContainers("publishing an agent", () => {
  let engine: Engine;
  let gateway: OperatedGateway;
  let registry: ImageRegistry;
  let ada: SignedInPerson;
  let ast: Ast;
  let home: string;
  let folder: string;

  beforeAll(async () => {
    engine = await testEngine();
    registry = startImageRegistry();
    gateway = await startOperatedGateway();
    home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
    ada = await signUp(gateway, { roles: { [home]: "developer" } });
    const credentials = writeShellProject("", "", { "docker/config.json": "{}" });
    folder = writeShellProject(blueprint, servingScript, {
      "AGENT.md": "# Published\n\n![A picture](pictures/a.png) ![Outside](../../etc/hostname)\n",
    });
    mkdirSync(join(folder, "pictures"));
    const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    writeFileSync(join(folder, "pictures/a.png"), Buffer.from(pixel, "base64"));
    const auth = btoa(`${registryUser.name}:${registryUser.password}`);
    writeFileSync(join(credentials, "docker/config.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    ast = installAst({
      ASTRO_SERVER_URL: gateway.url,
      ASTRO_ACCOUNT: home,
      DOCKER_HOST: engine.dockerHost,
      DOCKER_CONFIG: join(credentials, "docker"),
    });
    await keepSession(ast, gateway, ada);
  }, 60_000);

  afterAll(async () => {
    ast.remove();
    rmSync(folder, { recursive: true, force: true });
    await registry.stop();
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  const push = (...words: string[]): Promise<Ended> => ast.run(["push", "--json", ...words], { cwd: folder });
  const imageOf = (ended: Ended): string => {
    const images = (arrayAt(ended.json, "images") ?? []).filter(isObject);
    return stringAt(images[0] ?? {}, "image") ?? "";
  };

  test(
    "leaves images in the engine of this machine when the server is here and names no registry",
    async () => {
      const pushed = await push();
      expect(pushed).toMatchObject({ code: 0 });
      const id = stringAt(pushed.json, "build_id") ?? "";
      expect(await findImage(engine, imageOf(pushed))).toBeDefined();
      const build = (await ada.send("GET", `/api/v1/agents/${home}/published/builds/${id}`)).body;
      const text = stringAt(build, "spec_content") ?? "";
      expect(text).toContain(`image: "${imageOf(pushed)}"`);
      expect(text).toContain("name: published # the agent's name");
      expect(text).not.toContain("build:");
      expect(text).not.toContain("must-not-be-published");
      expect(stringAt(build, "readme")).toContain("# Published");
      expect(pushed.stderr).toContain("../../etc/hostname");
      const page = stringAt(pushed.json, "url") ?? "";
      expect(page).toBe(`${gateway.url}/w/${home}/agents/blueprints/published`);
    },
    patience,
  );

  test(
    "pushes to a registry with the credentials kept for it, and what was pushed can be pulled",
    async () => {
      const pushed = await push("--registry", `${registry.host}/agents`, "--no-build");
      expect(pushed).toMatchObject({ code: 0 });
      const image = imageOf(pushed);
      expect(registry.images().map((name) => `${registry.host}/${name}`)).toContain(image);
      await engine.docker.getImage(image).remove({ force: true });
      const options = { pull: "missing", report: () => undefined, signal: AbortSignal.timeout(30_000) } as const;
      const stranger = await connectEngine(testPlace({ DOCKER_HOST: engine.dockerHost, DOCKER_CONFIG: "/nowhere" }));
      expect(ensureImage(stranger, image, options)).rejects.toMatchObject({ code: "image_not_found" });
      await ensureImage(stranger, image, options).catch(() => undefined);
      // Podman pulls by plain HTTP only where its own settings say so.
      if (engine.flavour === "podman") return;
      const environment = { DOCKER_HOST: engine.dockerHost, DOCKER_CONFIG: join(folder, "docker") };
      mkdirSync(environment.DOCKER_CONFIG);
      const auth = btoa(`${registryUser.name}:${registryUser.password}`);
      writeFileSync(
        join(environment.DOCKER_CONFIG, "config.json"),
        JSON.stringify({ auths: { [registry.host]: { auth } } }),
      );
      const member = await connectEngine(testPlace(environment));
      expect((await ensureImage(member, image, options)).name).toBe(image);
    },
    patience,
  );

  test(
    "refuses the scope of another account, and what nobody was asked about",
    async () => {
      writeFileSync(join(folder, "other.yml"), blueprint.replace("name: published", 'name: "@somebody/published"'));
      const other = await push("--file", "other.yml");
      expect(other).toMatchObject({ code: 5 });
      expect(other.stderr).toContain("account_mismatch");
      const open = await push("--visibility", "public", "--no-build");
      expect(open).toMatchObject({ code: 2 });
      expect(open.stderr).toContain("--yes");
    },
    patience,
  );
});
