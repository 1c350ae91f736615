// Signing in with `ast` and out again, against the whole server: real processes, sessions and files.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { stringAt } from "../../server/contracts/json.ts";
import { asObject, startGateway, type TestGateway } from "../support/gateway.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";
import { installAst, keepSession, type Ast, type Started } from "../support/ast.ts";

let gateway: TestGateway;
let ada: SignedInPerson;
const installed: Ast[] = [];
/** The server has programs ask every five seconds, so all sign in at the same time. */
/** Of a session that `kept` takes the place of. */
let earlierToken = "";
let kept: SignIn, denied: SignIn, late: SignIn, forCi: SignIn;

type SignIn = { readonly ast: Ast; readonly login: Started };

beforeAll(async () => {
  gateway = await startGateway();
  ada = await signUp(gateway);
  await ada.send("GET", "/api/me");
  late = signIn("--json");
  const [, lateCode = ""] = await late.login.shows(/shows the code (\w+)/);
  await gateway.wired.database.query.updateTable("device_codes").set({ expires_at: 1 }).execute();
  const again = freshAst();
  earlierToken = await keepSession(again, gateway, ada);
  kept = { ast: again, login: again.start(["login", "--no-browser"]) };
  [denied, forCi] = [signIn(), signIn("--print-token")];
  await Promise.all([answer(kept.login, "approve"), answer(denied.login, "deny"), answer(forCi.login, "approve")]);
  expect(lateCode).toHaveLength(8);
  await Promise.all([kept, denied, late, forCi].map(({ login }) => login.ended));
}, 40_000);

afterAll(async () => {
  for (const ast of installed) ast.remove();
  expect(gateway.faults).toEqual([]);
  await gateway.close();
});

function freshAst(): Ast {
  const ast = installAst({ ASTRO_SERVER_URL: gateway.url });
  installed.push(ast);
  return ast;
}

function signIn(...words: readonly string[]): SignIn {
  const ast = freshAst();
  return { ast, login: ast.start(["login", "--no-browser", ...words]) };
}

/** As the page of the printed address does. */
async function answer(login: Started, step: "approve" | "deny"): Promise<void> {
  const [, userCode = ""] = await login.shows(/user_code=(\w+)/);
  await ada.send("GET", `/api/auth/device?user_code=${userCode}`);
  expect((await ada.send("POST", `/api/auth/device/${step}`, { userCode })).status).toBe(200);
}

function tokenIn(ast: Ast): string {
  const text = readFileSync(join(ast.home, ".ast/credentials.json"), "utf8");
  return /(?<="access_token": ")[^"]+/.exec(text)?.[0] ?? "none";
}

describe("ast login", () => {
  test("keeps a session that only its owner can read, and logout ends it on the server too", async () => {
    const { ast, login } = kept;
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`as ${ada.email}.`) });
    const file = join(ast.home, ".ast/credentials.json");
    expect([statSync(file).mode & 0o777, statSync(join(ast.home, ".ast")).mode & 0o777]).toEqual([0o600, 0o700]);
    const { json, code } = await ast.run(["whoami", "--json"]);
    expect([code, json["email"], json["server"]]).toEqual([0, ada.email, gateway.url]);
    expect(Date.parse(String(json["expires_at"]))).toBeGreaterThan(Date.now());
    const token = tokenIn(ast);
    expect(token).not.toBe(earlierToken);
    const earlier = await ast.run(["whoami"], { env: { ASTRO_ACCESS_TOKEN: earlierToken } });
    expect(earlier.code).toBe(3);
    expect(token.length).toBeGreaterThan(20);
    const out = await ast.run(["logout"]);
    expect([out.code, out.stderr]).toEqual([0, ""]);
    expect(tokenIn(ast)).toBe("none");
    const later = await ast.run(["whoami"], { env: { ASTRO_ACCESS_TOKEN: token } });
    expect([later.code, later.stdout]).toEqual([3, ""]);
    expect(later.stderr).toContain(`ast login --server ${gateway.url}`);
  });

  test("says so when the person turns it away, and when the code has ended", async () => {
    const { code, stderr } = await denied.login.ended;
    expect([code, stderr.includes("You were turned away in the browser")]).toEqual([5, true]);
    const ended = await late.login.ended;
    expect([ended.code, ended.stdout]).toEqual([6, ""]);
    expect(ended.stderr).toContain('"code":"expired_token"');
  });

  test("ends at once when it is interrupted", async () => {
    const login = freshAst().start(["login", "--no-browser"]);
    await login.shows(/Waiting/);
    login.interrupt();
    expect((await login.ended).code).toBe(130);
  });

  test("prints a token for CI, keeps nothing, and the token is all that CI needs", async () => {
    const { ast, login } = forCi;
    const token = (await login.ended).stdout.trim();
    expect((await ast.run(["whoami"])).code).toBe(3);
    const ci = await ast.run(["whoami", "--json"], { env: { ASTRO_ACCESS_TOKEN: token } });
    expect([ci.code, ci.json["email"], ci.json["token_from"]]).toEqual([0, ada.email, "ASTRO_ACCESS_TOKEN"]);
    expect(ci.stdout + ci.stderr).not.toContain(token);
  });

  test("shows requests with --verbose, without the token", async () => {
    const ast = freshAst();
    await keepSession(ast, gateway, ada);
    const { stderr } = await ast.run(["whoami", "-v"]);
    expect(stderr).toMatch(/GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/me → 200 in \d+ ms/);
    expect(tokenIn(ast).length).toBeGreaterThan(20);
    expect(stderr).not.toContain(tokenIn(ast));
  });
});

describe("accounts", () => {
  test("are listed and switched, and - goes back", async () => {
    const created = await ada.send("POST", "/api/workspaces", { name: "Second one" });
    expect(created.status).toBe(201);
    const ast = freshAst();
    await keepSession(ast, gateway, ada);
    const listed = await ast.run(["account", "list", "--json"]);
    const accounts = Array.isArray(listed.json["accounts"]) ? listed.json["accounts"] : [];
    expect(accounts).toHaveLength(2);
    const [first, second] = accounts.map((account) => stringAt(asObject(account), "name") ?? "");
    expect((await ast.run(["account", "switch", first ?? ""])).code).toBe(0);
    const switched = await ast.run(["account", "switch", "second one"]);
    expect([switched.code, switched.stdout]).toEqual([0, expect.stringMatching(/^✓ Commands now act in \S+\.\n$/)]);
    expect((await ast.run(["whoami", "--json"])).json["account"]).toBe(second);
    await ast.run(["account", "switch", "-"]);
    expect((await ast.run(["whoami", "--json"])).json["account"]).toBe(first);
    const unknown = await ast.run(["account", "switch", "nowhere"]);
    expect([unknown.code, unknown.stderr.includes('You belong to no account "nowhere".')]).toEqual([4, true]);
    const unasked = await ast.run(["account", "switch"]);
    expect([unasked.code, unasked.stderr.includes("ast account switch <name>")]).toEqual([2, true]);
  });
});
