// What was told once is never told again: no reading route, page or fault repeats a secret, and the database file holds
// none of them as text.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, stringAt, type Json, type JsonObject } from "../server/contracts/json.ts";
import { controlRoutes } from "../server/http/control/control-routes.ts";
import { makeThings, secretVariable, type Things } from "./authorization/things.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { signUp, type SignedInPerson } from "./support/people.ts";
import { StripeDouble, webhookSecret } from "./support/stripe-double.ts";

const keyOfOwner = "the development key, api_key";
const upstreamKey = "sk-or-the-upstream-s-own-key";
const oidcSecret = "the-client-secret-of-an-oidc-provider";

let gateway: OperatedGateway;
let stripe: StripeDouble;
let home: string;
let owner: SignedInPerson;
let things: Things;
/** Secrets by what they are. */
const secrets = new Map<string, string>();

/** Fields by which routes give secrets, wherever they stand in an answer. */
const secretFields = new Set(["secret", "token", "url", "api_key"]);

function remember(what: string, answer: Json | undefined): void {
  if (Array.isArray(answer)) for (const item of answer) remember(what, item);
  if (!isObject(answer)) return;
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value === "string" && secretFields.has(name)) {
      const token = /[?&]token=([^&]+)/.exec(value)?.[1] ?? value;
      if (!/^https?:/.test(token)) secrets.set(`${what}, ${name}`, token);
    } else remember(what, value);
  }
}

beforeAll(async () => {
  stripe = new StripeDouble();
  gateway = await startOperatedGateway({
    ...stripe.environment,
    OPENROUTER_API_KEY: upstreamKey,
    OPENROUTER_BASE_URL: "http://127.0.0.1:9/v1",
    ASTROLABE_OIDC_ACME_ISSUER: "http://127.0.0.1:9",
    ASTROLABE_OIDC_ACME_CLIENT_ID: "astrolabe",
    ASTROLABE_OIDC_ACME_CLIENT_SECRET: oidcSecret,
  });
  const { send, token } = gateway.operator;
  home = stringAt((await send("GET", "")).body, "id") ?? "";
  owner = await signUp(gateway, { operator: true, roles: { [home]: "owner" } });
  things = await makeThings(gateway, home);
  secrets.set("the operator token", token);
  secrets.set("the live key", gateway.liveKey).set("the test key", gateway.testKey);
  secrets.set("the upstream's key", upstreamKey).set("the OIDC client's secret", oidcSecret);
  secrets.set("Stripe's key", stripe.environment["STRIPE_SECRET_KEY"] ?? "").set("Stripe's webhooks", webhookSecret);
  secrets.set("the session", decodeURIComponent(owner.cookie).split("=")[1]?.split(".")[0] ?? "");
  remember("the development key", (await owner.send("POST", `/api/v1/accounts/${home}/ai-gateway-keys`)).body);
  const accessToken = await owner.send("POST", "/api/me/access-tokens", { name: "ci" });
  remember("the access token", accessToken.body);
  secrets.set("the secret variable", secretVariable);
  for (const [path, body] of creations) remember(path, (await send("POST", path, body)).body);
});

const creations: readonly (readonly [string, JsonObject])[] = [
  ["/keys", { name: "Made here" }],
  ["/webhooks", { url: "https://hooks.example.com/made-here" }],
  ["/invitations", { email: "someone@example.com", role: "viewer" }],
  ["/api/owner-link", {}],
];
afterAll(async () => {
  await gateway.close();
  await stripe.close();
});

test("there are secrets of every kind to look for", () => {
  for (const secret of secrets.values()) expect(secret.length).toBeGreaterThan(8);
  for (const what of [
    "/keys, secret",
    "/webhooks, secret",
    "/api/owner-link, url",
    "the session",
    "the access token, secret",
    keyOfOwner,
  ]) {
    expect([...secrets.keys()]).toContain(what);
  }
});

test("no reading route repeats one", async () => {
  const told: string[] = [];
  let read = 0;
  for (const route of controlRoutes.filter(({ method }) => method === "GET")) {
    const path = route.path
      .replace(/:(?:workspace|account)/, home)
      .replaceAll(/:(\w+)/g, (_, name: string) => idOf(name, route.path));
    for (const headers of [owner.headers, { authorization: `Bearer ${gateway.operator.token}` }]) {
      const response = await fetch(gateway.url + path, { headers: { ...headers } });
      const text = `${await response.text()}\n${JSON.stringify([...response.headers])}`;
      if (response.status === 200) read += 1;
      told.push(...secretsIn(text).map((what) => `${route.path}: ${what}`));
    }
  }
  expect(read).toBeGreaterThan(60);
  expect(told).toEqual([]);
});

function idOf(parameter: string, path: string): string {
  try {
    return things.idOf(parameter, path);
  } catch {
    return "none";
  }
}

test("no page, reading or fault does", async () => {
  const told: string[] = [];
  const paths = ["/", "/sign-in", "/ready", "/v1/models?view=raw", "/v1/credits", "/v1/lanes", "/api/openapi.json"];
  for (const path of [...paths, `/v1/traces/${things.idOf("request")}`]) {
    const headers = { authorization: `Bearer ${gateway.liveKey}`, accept: "text/html,application/json" };
    const response = await fetch(gateway.url + path, { headers });
    told.push(...secretsIn(await response.text()).map((what) => `${path}: ${what}`));
  }
  expect(told).toEqual([]);
  expect(secretsIn(gateway.faults.join("\n"))).toEqual([]);
});

test("the database file holds none as text", () => {
  const files = readdirSync(gateway.dataDir).filter((name) => name.includes("sqlite"));
  expect(files.length).toBeGreaterThan(0);
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(gateway.dataDir, name)))).toString("latin1");
  expect(bytes).toContain("Made here");
  expect(secretsIn(bytes)).toEqual([]);
});

function secretsIn(text: string): string[] {
  return [...secrets].filter(([, secret]) => text.includes(secret)).map(([what]) => what);
}
