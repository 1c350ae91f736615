// The front door of agents: finds the deployment that a host name stands for, lets in who may, and passes the request on.

import { LookupCache } from "../../caching/lookup-cache.ts";
import {
  hashOf,
  makePass,
  newToken,
  openPass,
  safePath,
  spendCode,
  type DoorServices,
} from "../../agents/door-pass.ts";
import type { DeployServices } from "../../agents/deploy-services.ts";
import type { Deployment, Door } from "../../agents/deployment.ts";
import type { DoorRecords } from "../../agents/deployment-records.ts";
import type { Endpoint } from "../../../runtimes/runtime.ts";
import type { AgentHosts } from "./agent-hosts.ts";
import { doorResponse, nobodyHere, notAnswering, tooBusy, wantsPage, whyClosed } from "./door-pages.ts";
import { cookieOf, type Asker } from "./forwarded-headers.ts";
import { AgentUnreachable, passRequest, readyToPass } from "./pass-request.ts";
import { passSocket, type DoorSocketData } from "./pass-socket.ts";

export type FrontDoorOptions = {
  readonly services: DeployServices;
  readonly records: DoorRecords;
  readonly hosts: AgentHosts;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** How many proxies in front of the server add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly sealingKey: Uint8Array;
};

/** What Bun hands to each request, as far as the door needs it. */
export type DoorServer = {
  readonly requestIP: (request: Request) => { readonly address: string } | null;
  readonly timeout: (request: Request, seconds: number) => void;
  readonly upgrade: (request: Request, options: { data: DoorSocketData; headers?: Record<string, string> }) => boolean;
};

export type OpenDeployment = Deployment & { readonly door: Door };

/** Paths of an agent's host that are ours. */
const ownPaths = "/.astrolabe/";
const passCookie = "astrolabe_agent_pass";
const browserCookie = "astrolabe_agent_browser";
const browserSeconds = 600;
/** How soon a change of a deployment, and a member who left, are noticed. */
const freshMs = 2_000;
const memberFreshMs = 3_000;
/** Requests to one agent at a time: more would leave nothing for the others. */
const mostAtOnce = 500;

export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #doors: DoorServices;
  readonly #deployments: LookupCache<Deployment>;
  readonly #members: LookupCache<{ readonly isMember: true }>;
  readonly #endpoints: LookupCache<Endpoint>;
  readonly #underWay = new Map<string, number>();
  #closed = false;

  constructor(options: FrontDoorOptions) {
    const { services, records, sealingKey } = options;
    const { now, random } = services;
    this.#options = options;
    this.#doors = { records, sealingKey, random, now };
    this.#deployments = new LookupCache({ maxPresent: 1_000, maxAbsent: 1_000, freshForMs: freshMs, now });
    this.#members = new LookupCache({ maxPresent: 10_000, maxAbsent: 1_000, freshForMs: memberFreshMs, now });
    this.#endpoints = new LookupCache({ maxPresent: 1_000, maxAbsent: 1_000, freshForMs: freshMs, now });
  }

  /** For what makes codes. */
  get doors(): DoorServices {
    return this.#doors;
  }

  /** Deployments have changed: they are looked up anew. */
  forget(): void {
    this.#deployments.clear();
    this.#endpoints.clear();
  }

  /** No further requests are let in. */
  close(): void {
    this.#closed = true;
  }

  /** Undefined when the connection has become a WebSocket. */
  async answer(request: Request, label: string, server: DoorServer): Promise<Response | undefined> {
    if (this.#closed) return doorResponse(request, notAnswering);
    const deployment = await this.#find(label);
    if (deployment?.door === undefined) return doorResponse(request, nobodyHere);
    const open: OpenDeployment = { ...deployment, door: deployment.door };
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(ownPaths)) return this.#ownPath(request, pathname, open);
    if (open.door.access === "members" && !(await this.#isMember(request.headers, open))) {
      return this.#handOver(request, open);
    }
    const closed =
      open.servingRevision === undefined || open.status !== "provisioning"
        ? whyClosed(open.displayName, open.status)
        : undefined;
    return closed === undefined ? this.#pass(request, open, server) : doorResponse(request, closed);
  }

  #find(label: string): Promise<Deployment | undefined> {
    return this.#deployments.get(label, () => this.#options.services.records.findByLabel(label));
  }

  async #isMember(headers: Headers, deployment: OpenDeployment): Promise<boolean> {
    const value = cookieOf(headers, passCookie);
    const visitor = value === undefined ? undefined : openPass(this.#doors, deployment, value);
    if (visitor === undefined) return false;
    const { userId, sessionId } = visitor;
    const { workspaceId } = deployment;
    const found = await this.#members.get(`${sessionId}/${userId}/${workspaceId}`, async () => {
      const may = await this.#doors.records.mayEnter(sessionId, userId, workspaceId, this.#doors.now());
      return may ? { isMember: true as const } : undefined;
    });
    return found !== undefined;
  }

  /** People are sent to where they are signed in, and come back with a code. */
  #handOver(request: Request, { label, displayName }: OpenDeployment): Response {
    if (!wantsPage(request)) {
      return doorResponse(request, {
        status: 401,
        code: "sign_in_first",
        title: "Sign in first",
        text: `${displayName} is for members of its workspace: open it in a browser first.`,
      });
    }
    const token = newToken(this.#doors);
    const { pathname, search } = new URL(request.url);
    const asked = new URLSearchParams({ browser: hashOf(token), path: safePath(pathname + search) });
    return redirect(`${this.#options.publicUrl}/api/v1/front-door/${label}?${asked.toString()}`, [
      this.#cookie(browserCookie, token, browserSeconds, ownPaths),
    ]);
  }

  async #ownPath(request: Request, pathname: string, deployment: OpenDeployment): Promise<Response> {
    if (pathname !== `${ownPaths}enter` || request.method !== "GET") return doorResponse(request, nobodyHere);
    const code = new URL(request.url).searchParams.get("code") ?? "";
    const token = cookieOf(request.headers, browserCookie) ?? "";
    const spent = await spendCode(this.#doors, deployment, code, token);
    if (spent === undefined) {
      return doorResponse(request, {
        status: 403,
        code: "code_spent",
        title: "This link no longer works",
        text: "It works once, for a minute, and in the browser that asked for it.",
        link: { href: "/", label: `Open ${deployment.displayName}` },
      });
    }
    const pass = makePass(this.#doors, deployment, spent);
    return redirect(spent.path, [
      this.#cookie(passCookie, pass.value, pass.seconds, "/"),
      this.#cookie(browserCookie, "", 0, ownPaths),
    ]);
  }

  #cookie(name: string, value: string, seconds: number, path: string): string {
    const secure = this.#options.publicUrl.startsWith("https:") ? "; Secure" : "";
    return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
  }

  async #pass(request: Request, deployment: OpenDeployment, server: DoorServer): Promise<Response | undefined> {
    const leave = this.#enter(deployment.label);
    if (leave === undefined) return doorResponse(request, tooBusy);
    try {
      const asker = this.#askerOf(request, server);
      // From here on the agent's own pace counts.
      server.timeout(request, 0);
      if (isSocket(request)) {
        const endpoint = await this.#endpointOf(deployment);
        const isPassed = endpoint && (await passSocket(request, endpoint, asker, { server, onEnd: leave }));
        if (isPassed === true) return undefined;
      } else {
        const answer = await this.#passOn(request, deployment, asker, leave);
        if (answer !== undefined) return answer;
      }
    } catch (error) {
      if (!(error instanceof AgentUnreachable)) this.#options.services.reportFault("front door", error);
    }
    leave();
    this.forget();
    return doorResponse(request, notAnswering);
  }

  /** After a rollout the agent is elsewhere: what did not arrive where it was is sent to where it is. */
  async #passOn(
    request: Request,
    deployment: OpenDeployment,
    asker: Asker,
    onEnd: () => void,
  ): Promise<Response | undefined> {
    const passed = await readyToPass(request);
    const endpoint = await this.#endpointOf(deployment);
    if (endpoint === undefined) return undefined;
    try {
      return await passRequest(passed, endpoint, asker, onEnd);
    } catch (error) {
      if (!passed.canRepeat || !(error instanceof AgentUnreachable) || !error.untouched) throw error;
    }
    this.forget();
    const now = await this.#endpointOf(deployment);
    return now && passRequest(passed, now, asker, onEnd);
  }

  /** Undefined when there are too many; else what is to be called when it is over, any number of times. */
  #enter(label: string): (() => void) | undefined {
    const count = this.#underWay.get(label) ?? 0;
    if (count >= mostAtOnce) return undefined;
    this.#underWay.set(label, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#underWay.get(label) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(label);
      else this.#underWay.set(label, left);
    };
  }

  #endpointOf({ label, door, servingRevision }: OpenDeployment): Promise<Endpoint | undefined> {
    const { runtime } = this.#options.services;
    if (runtime === undefined) return Promise.resolve(undefined);
    return this.#endpoints.get(`${label}/${servingRevision}`, async () =>
      (await runtime()).endpoint(label, door.workload, door.port),
    );
  }

  #askerOf(request: Request, server: DoorServer): Asker {
    const { trustedProxies, publicUrl } = this.#options;
    const told = (request.headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
    const address = trustedProxies === 0 ? server.requestIP(request)?.address : told.at(-trustedProxies);
    return {
      address: address === "" ? undefined : address,
      host: request.headers.get("host") ?? "",
      scheme: publicUrl.startsWith("https:") ? "https" : "http",
    };
  }
}

function isSocket({ headers }: Request): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 302, headers });
}
