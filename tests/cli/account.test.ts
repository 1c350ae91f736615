// Blueprints, secrets and keys with `ast`, as a person uses them: real processes against the whole server.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { installAst, keepSession, type Ast, type Ended } from "../support/ast.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";

let gateway: TestGateway;
let ada: SignedInPerson;
let ast: Ast;
let account = "";

beforeAll(async () => {
  gateway = await startGateway();
  ada = await signUp(gateway);
  ast = installAst({ ASTRO_SERVER_URL: gateway.url });
  await keepSession(ast, gateway, ada);
  const { body } = await ada.send("GET", "/api/v1/me");
  account = stringAt(items(body, "accounts")[0] ?? {}, "name") ?? "";
});
afterAll(async () => {
  ast.remove();
  expect(gateway.faults).toEqual([]);
  await gateway.close();
});

function items(body: JsonObject, name: string): JsonObject[] {
  return (arrayAt(body, name) ?? []).filter(isObject);
}

function run(line: string, input?: string): Promise<Ended> {
  return ast.run(line.split(" "), { cwd: ast.home, ...(input !== undefined && { input }) });
}

async function push(name: string, build: string): Promise<void> {
  const { status } = await ada.send("POST", `/api/v1/agents/${account}/${name}/register`, {
    build_id: build,
    spec_content: `spec: blueprint/v1\nname: ${name}\nagent:\n  image: ${name}:${build}\n`,
    readme: `---\ndescription: helps\n---\n# ${name} helps`,
  });
  expect(status).toBe(201);
}

describe("ast blueprint", () => {
  test("lists, shows, opens and archives what was pushed", async () => {
    expect((await run("blueprint list")).stdout).toContain(`There is no blueprint in ${account}`);
    await push("support", "b1");
    await push("support", "b2");
    const listed = await run("bp list");
    expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/^Name.*\nsupport +b2 .*members/)]);
    expect(items((await run("blueprint list --json")).json, "agents")).toHaveLength(1);
    const got = await run("blueprint get support --card");
    expect(got.stdout).toMatch(/b2 .*\n.*b1 /);
    expect(got.stdout).toContain("# support helps");
    expect(got.stdout).not.toContain("description: helps");
    expect((await run("blueprint builds support")).stdout).toContain(ada.email);
    const asked = await run("blueprint set support --visibility public");
    expect([asked.code, asked.stderr.includes("Answer with --yes")]).toEqual([2, true]);
    expect((await run("blueprint set support -V public --yes")).code).toBe(0);
    expect((await run("blueprint get support --json")).json["visibility"]).toBe("public");
    expect((await run("blueprint archive support -y")).code).toBe(0);
    expect(items((await run("blueprint list --json")).json, "agents")).toHaveLength(0);
    expect(items((await run("blueprint list --archived --json")).json, "agents")).toHaveLength(1);
  });

  test("says what is missing with exit code 4, the server's hint and the request's id", async () => {
    const { code, stderr } = await run("blueprint get nothing");
    expect(code).toBe(4);
    expect(stderr).toMatch(/✗ .*nothing.*\n {2}\S.*\n {2}Request req_/);
    const asJson = await run("blueprint get nothing --json");
    expect([asJson.stdout, asJson.stderr]).toEqual(["", expect.stringContaining('"code":"blueprint_not_found"')]);
  });
});

describe("ast secrets", () => {
  test("keeps what is piped in, and never shows it", async () => {
    const created = await run("secrets create API_KEY --value - -d mail", "sk-very-secret\n");
    expect([created.code, created.stdout]).toEqual([0, "✓ API_KEY is kept.\n"]);
    const again = await run("secrets create API_KEY --value other");
    expect([again.code, again.stderr.includes("API_KEY")]).toEqual([5, true]);
    expect((await run("secrets create API_KEY --value other --overwrite")).code).toBe(0);
    expect((await run("secrets create REGION --value eu --plain")).code).toBe(0);
    const outputs = await Promise.all(
      ["secrets list --values", "secrets list --json", "secret get API_KEY", "secrets get API_KEY --json"].map((line) =>
        run(line),
      ),
    );
    for (const { stdout, code } of outputs) {
      expect(code).toBe(0);
      expect(stdout).not.toContain("other");
      expect(stdout).not.toContain("sk-very-secret");
    }
    expect(outputs[0]?.stdout).toMatch(/REGION +variable +eu/);
  });

  test("asks for a value on a terminal, without showing it", async () => {
    const words = ["secrets", "create", "ASKED"];
    const { code, shown } = await ast.converse(words, [[/Value of ASKED/, "sk-typed-secret\r"]], { cwd: ast.home });
    expect([code, shown.includes("✓"), shown.includes("sk-typed-secret")]).toEqual([0, true, false]);
    expect((await run("secrets get ASKED --json")).json["secret"]).toBe(true);
  });

  test("asks nobody where nobody is", async () => {
    const { code, stderr } = await run("secrets create ANOTHER");
    expect([code, stderr.includes("--value -")]).toEqual([2, true]);
    expect((await run("secrets delete REGION")).code).toBe(2);
  });

  test("changes and deletes", async () => {
    expect((await run("secrets update REGION --value us")).code).toBe(0);
    expect((await run("secrets get REGION --json")).json["value"]).toBe("us");
    expect((await run("secrets update REGION -d region")).code).toBe(0);
    expect((await run("secrets get REGION --json")).json).toMatchObject({ value: "us", description: "region" });
    expect((await run("secrets delete REGION --yes")).code).toBe(0);
    expect((await run("secrets get REGION")).code).toBe(4);
    expect((await run("secrets update REGION --value x")).code).toBe(4);
  });

  test("imports a file, keeps what is there, and names what is wrong", async () => {
    writeFileSync(join(ast.home, ".env"), "API_KEY=new\nTWO='a b'\nEMPTY=\nPLAIN_ONE=seen\n");
    const imported = await run("secrets import --plain-keys PLAIN_ONE");
    expect(imported.code).toBe(0);
    expect(imported.stdout).toContain("API_KEY is there already");
    expect(imported.stdout).toContain("✓ TWO is kept.");
    expect(imported.stdout).not.toContain("EMPTY");
    expect((await run("secrets get PLAIN_ONE --json")).json["value"]).toBe("seen");
    const wrong = await run("secrets import -f - --overwrite", "OK=1\nNOT-OK=2\n");
    expect([wrong.code, wrong.stderr.includes("NOT-OK")]).toEqual([2, true]);
    expect((await run("secrets import -f missing.env")).code).toBe(2);
  });
});

describe("ast keys", () => {
  test("lists the development key of a person, replaces and ends it", async () => {
    const asked = await ada.send("POST", `/api/v1/accounts/${account}/ai-gateway-keys`);
    const secret = stringAt(asked.body, "api_key") ?? "";
    const id = stringAt(asked.body, "key_id") ?? "";
    expect(asked.status).toBe(200);
    const listed = await run("keys list");
    expect(listed.stdout).toMatch(new RegExp(`${id} +development +${ada.email}`));
    expect(listed.stdout).not.toContain(secret);
    const unasked = await run(`keys revoke ${id}`);
    expect([unasked.code, unasked.stderr.includes("--yes")]).toEqual([2, true]);
    expect((await run(`keys revoke ${id} --yes`)).code).toBe(0);
    const dead = await gateway.post("/v1/responses", { model: "astrolabe/auto", input: "x" }, { key: secret });
    expect(dead.status).toBe(401);
    expect((await run(`keys rotate ${id}`)).code).toBe(4);
    expect(items((await run("keys list --all --json")).json, "keys")).toHaveLength(1);
  });
});

test("accounts that are not the person's are not to be found", async () => {
  const { code } = await run("secrets list --account somebody-else");
  expect(code).toBe(4);
});

describe("ast tokens", () => {
  const withToken = (token: string) => (line: string) =>
    ast.run(line.split(" "), { cwd: ast.home, env: { ASTRO_ACCESS_TOKEN: token } });

  test("makes one, shown alone on standard output and never again, that programs work with", async () => {
    const made = await run("tokens create --name release");
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^astrolabe_pat_\w{38}\n$/)]);
    expect(made.stderr).toMatch(/→ release acts as you, until \d{4}-\d\d-\d\d\. The token is not shown again\.\n/);
    const token = made.stdout.trim();
    const listed = await run("tokens list");
    expect(listed.stdout).toMatch(/release +astrolabe_pat_\w{8}… +all +change +never +\d{4}-\d\d-\d\d +pat_/);
    expect(listed.stdout).not.toContain(token);
    const ci = withToken(token);
    const who = await ci("whoami");
    expect(who.stdout).toMatch(/Access token +release\n +Ends +\d{4}-.*\n +Token +from ASTRO_ACCESS_TOKEN/);
    expect((await ci("whoami --json")).json).toMatchObject({
      email: ada.email,
      account,
      access_token: { name: "release", read_only: false },
    });
    expect((await ci("secrets create FROM_CI --value x")).code).toBe(0);
    expect((await ci("secrets delete FROM_CI --yes")).code).toBe(0);
    expect((await run("tokens list")).stdout).toMatch(/release .* ago/);
    const child = await ci("tokens create -n child");
    expect([child.code, child.stdout, child.stderr]).toEqual([5, "", expect.stringContaining("ast login")]);
  });

  test("makes one that may do less, in another shape for programs", async () => {
    const { code, json } = await run(`token create -n look --read-only --expires 30d --account ${account} --json`);
    expect([code, json]).toMatchObject([0, { name: "look", read_only: true, workspace: { slug: account } }]);
    const look = withToken(stringAt(json, "secret") ?? "");
    expect((await look("secrets list")).code).toBe(0);
    const refused = await look("secrets create NOPE --value x");
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining("only reads")]);
    expect((await look("whoami")).stdout).toContain("look, only reads");
  });

  test("takes a day to end on, and refuses what is none or too far away", async () => {
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const { json } = await run(`tokens create -n dated --expires ${day} --json`);
    expect(json["expires_at"]).toBe(`${day}T00:00:00.000Z`);
    for (const wrong of ["soon", "366d", "0d", "2020-01-01"]) {
      expect([wrong, (await run(`tokens create -n x --expires ${wrong}`)).code]).toEqual([wrong, 2]);
    }
    expect((await run("tokens create")).stderr).toContain("--name");
  });

  test("ends one by its name, and says so to whoever uses it on", async () => {
    const token = (await run("tokens create -n short-lived")).stdout.trim();
    expect((await run("tokens revoke short-lived")).code).toBe(2);
    expect((await run("tokens revoke short-lived --yes")).stdout).toBe("✓ The access token short-lived has ended.\n");
    const used = await withToken(token)("account list");
    expect([used.code, used.stderr]).toEqual([3, expect.stringContaining("was revoked")]);
    expect(used.stderr).toContain("ast tokens create");
    expect((await run("tokens revoke short-lived --yes")).code).toBe(4);
    await run("tokens create -n twin");
    await run("tokens create -n twin");
    const several = await run("tokens revoke twin --yes");
    expect([several.code, several.stderr]).toEqual([2, expect.stringMatching(/pat_\w+ \(astrolabe_pat_/)]);
  });
});
