// Every control route against everybody who might call it, over real sessions: who is let through, who is not, and that
// no workspace reaches into another one by an id.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { objectAt, stringAt } from "../server/contracts/json.ts";
import type { ControlRoute } from "../server/http/control/declared-route.ts";
import { controlRoutes } from "../server/http/control/control-routes.ts";
import { memberRoles, type MemberRole } from "../server/workspaces/workspace.ts";
import { groups } from "./authorization/expected-access.ts";
import { foreignBodies, makeThings, sharedParameters, type Things } from "./authorization/things.ts";
import { asObject } from "./support/gateway.ts";
import { memoryRuntime } from "./support/memory-runtime.ts";
import { startOperatedGateway, type OperatedGateway } from "./support/operator.ts";
import { makeAccessToken, signUp, type SignedInPerson } from "./support/people.ts";

const callers = [
  "nobody",
  "stranger",
  ...memberRoles,
  "owner of another",
  "operator",
  "operator token",
  "owner's access token",
  "owner's reading token",
  "owner's token for another",
] as const;
type CallerName = (typeof callers)[number];
/** Let through to the route's own checks; or how the gate refuses. */
type Verdict = "through" | 401 | 403 | 404;

const otherGroups = ["anyone", "signedIn", "inSession", "acrossWorkspaces", "operators"] as const;
const rolesOf: Readonly<Record<Exclude<keyof typeof groups, (typeof otherGroups)[number]>, readonly MemberRole[]>> = {
  readers: memberRoles,
  builders: ["owner", "admin", "developer"],
  managers: ["owner", "admin", "billing"],
  administrators: ["owner", "admin"],
  owners: ["owner"],
};

/** The owner is an operator too, which their tokens are not. */
function expectedOfToken(group: keyof typeof groups, caller: CallerName, method: string): Verdict {
  if (caller === "owner's reading token" && method !== "GET") return 403;
  if (group === "operators" || group === "inSession") return 403;
  if (group === "anyone" || group === "signedIn" || caller !== "owner's token for another") return "through";
  return group === "acrossWorkspaces" ? 403 : 404;
}

function expected(group: keyof typeof groups, caller: CallerName, method: string): Verdict {
  if (caller.startsWith("owner's ")) return expectedOfToken(group, caller, method);
  if (group === "anyone" || caller === "operator" || caller === "operator token") return "through";
  if (caller === "nobody") return 401;
  if (group === "signedIn" || group === "inSession" || group === "acrossWorkspaces") return "through";
  if (group === "operators") return 403;
  const role = memberRoles.find((known) => known === caller);
  if (role === undefined) return 404;
  return rolesOf[group].includes(role) ? "through" : 403;
}

const nameOf = ({ method, path }: ControlRoute): string => `${method} ${path}`;

function groupOf(route: ControlRoute): keyof typeof groups {
  const group = Object.entries(groups).find(([, routes]) => routes.some((name) => name === nameOf(route)))?.[0];
  for (const known of [...otherGroups, "readers", "builders", "managers", "administrators", "owners"] as const) {
    if (known === group) return known;
  }
  throw new Error(`${nameOf(route)} is not listed in tests/authorization/expected-access.ts`);
}

let gateway: OperatedGateway;
let home: string;
let elsewhere: string;
let people: Map<CallerName, SignedInPerson>;
let token: string;
let tokens: Map<CallerName, string>;
let things: Things;

beforeAll(async () => {
  gateway = await startOperatedGateway({}, undefined, memoryRuntime({}));
  token = gateway.operator.token;
  home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
  elsewhere = stringAt((await gateway.operator.send("POST", "/api/workspaces", { name: "Other" })).body, "id") ?? "";
  people = new Map<CallerName, SignedInPerson>([
    ["stranger", await signUp(gateway)],
    ["owner of another", await signUp(gateway, { roles: { [elsewhere]: "owner" } })],
    ["operator", await signUp(gateway, { operator: true })],
  ]);
  for (const role of memberRoles) people.set(role, await signUp(gateway, { roles: { [home]: role } }));
  const founder = await signUp(gateway, { operator: true, roles: { [home]: "owner", [elsewhere]: "owner" } });
  tokens = new Map([
    ["operator token", token],
    ["owner's access token", (await makeAccessToken(founder)).secret],
    ["owner's reading token", (await makeAccessToken(founder, { read_only: true })).secret],
    ["owner's token for another", (await makeAccessToken(founder, { workspace: elsewhere })).secret],
  ]);
  things = await makeThings(gateway, home);
});
afterAll(() => gateway.close());

function headersOf(caller: CallerName): Record<string, string> {
  const bearer = tokens.get(caller);
  if (bearer !== undefined) return { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  return { ...(people.get(caller)?.headers ?? { "content-type": "application/json" }) };
}

/** With what no route takes, so that a call that gets through changes nothing. Any other answer comes back in words. */
async function verdictOf(route: ControlRoute, caller: CallerName): Promise<number | string> {
  const deployment = things.idOf("deployment");
  const ours = route.path.replace(/:(?:workspace|account)/, home).replace(":deployment", deployment);
  const path = ours.replaceAll(/:\w+/g, "none");
  const response = await fetch(`${gateway.url}${path}?nonsense=1`, {
    method: route.method,
    headers: headersOf(caller),
    ...(route.method === "GET" ? {} : { body: '{"nonsense":1}' }),
  });
  const body = asObject(await response.json());
  const error = objectAt(body, "error") ?? body;
  const message = stringAt(error, "message") ?? stringAt(error, "error");
  const isStranger =
    response.status === 404 &&
    [
      `There is no workspace ${home}.`,
      `There is no account ${home} that you are a member of.`,
      `There is no deployment ${deployment}.`,
    ].includes(message ?? "");
  if (response.status === 401 || response.status === 403) return response.status;
  if (isStranger) return 404;
  return response.status === 400 ? "through" : `${response.status} ${JSON.stringify(error)}`;
}

describe("the gate", () => {
  test("is expected to let somebody through to every route, and to no route that is gone", () => {
    const declared = controlRoutes.map(nameOf);
    const listed: string[] = Object.values(groups).flat();
    expect(declared.filter((name) => !listed.includes(name))).toEqual([]);
    expect(listed.filter((name) => !declared.includes(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  for (const caller of callers) {
    test(`lets ${caller} through to what is theirs, and to nothing else`, async () => {
      const verdicts: [string, number | string][] = [];
      const wanted: [string, Verdict][] = [];
      for (const route of controlRoutes) {
        wanted.push([nameOf(route), expected(groupOf(route), caller, route.method)]);
        verdicts.push([nameOf(route), await verdictOf(route, caller)]);
      }
      expect(verdicts).toEqual(wanted);
    });
  }
});

describe("an id of another workspace", () => {
  const foreign = controlRoutes.filter(
    (route) =>
      route.auth.kind === "member" &&
      /^\/api\/(?:workspaces|v1\/\w+)\/:(?:workspace|account)\/.*:/.test(route.path) &&
      !sharedParameters.has(nameOf(route)),
  );

  async function statusThrough(workspace: string, caller: CallerName, route: ControlRoute): Promise<number> {
    const path = route.path
      .replace(/:(?:workspace|account)/, workspace)
      .replaceAll(/:(\w+)/g, (_, name: string) => things.idOf(name, route.path));
    const { headers } = people.get(caller) ?? {};
    const body = route.method === "GET" ? undefined : JSON.stringify(foreignBodies[nameOf(route)] ?? {});
    const sent = body === undefined ? {} : { body };
    return (await fetch(gateway.url + path, { method: route.method, headers: { ...headers }, ...sent })).status;
  }

  test("finds nothing through one's own, on every route that takes one", async () => {
    const found: [string, number][] = [];
    for (const route of foreign) found.push([nameOf(route), await statusThrough(elsewhere, "owner of another", route)]);
    expect(foreign.length).toBeGreaterThan(20);
    expect(found).toEqual(foreign.map((route) => [nameOf(route), 404]));
  });

  test("finds the thing through the workspace that it belongs to", async () => {
    for (const route of foreign.filter(({ method }) => method === "GET")) {
      expect([nameOf(route), await statusThrough(home, "owner", route)]).toEqual([nameOf(route), 200]);
    }
  });

  test("leaves everything as it was", async () => {
    expect(await things.state()).toEqual(things.before);
  });
});

describe("a browser's call", () => {
  test("from another site's page is refused on every route that changes something", async () => {
    const owner = people.get("owner");
    const { cookie = "" } = owner ?? {};
    const statuses = new Set<number>();
    for (const route of controlRoutes.filter(({ method, auth }) => method !== "GET" && auth.kind !== "public")) {
      const path = route.path.replace(/:(?:workspace|account)/, home).replaceAll(/:\w+/g, "none");
      for (const lie of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }, {}]) {
        const headers = { cookie, "content-type": "application/json", ...lie };
        statuses.add((await fetch(gateway.url + path, { method: route.method, headers, body: "{}" })).status);
      }
    }
    expect([...statuses]).toEqual([403]);
  });
});
