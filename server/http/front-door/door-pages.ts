// What the front door answers in the place of an agent: a page for people, JSON for programs.

import type { DeploymentStatus } from "../../contracts/agents-deployments.ts";

export type DoorAnswer = {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly code: string;
  /** Shown as a way on. */
  readonly link?: { readonly href: string; readonly label: string };
  /** The page looks again after so many seconds. */
  readonly againSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

const style =
  "body{font:16px/1.6 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh;" +
  "color-scheme:light dark;background:Canvas;color:CanvasText}main{max-width:32rem;padding:2rem}h1{font-size:1.4rem}";

export function doorResponse(request: Request, answer: DoorAnswer): Response {
  const headers: Record<string, string> = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...(answer.againSeconds === undefined ? {} : { "retry-after": String(answer.againSeconds) }),
    ...answer.headers,
  };
  if (!wantsPage(request)) {
    const error = { code: answer.code, message: answer.text };
    return Response.json({ error }, { status: answer.status, headers });
  }
  return new Response(pageOf(answer), {
    status: answer.status,
    headers: {
      ...headers,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  });
}

/** A person who opens a page, not a program or a part of one. */
export function wantsPage({ method, headers }: Request): boolean {
  return (method === "GET" || method === "HEAD") && (headers.get("accept") ?? "").includes("text/html");
}

function pageOf({ title, text, link, againSeconds }: DoorAnswer): string {
  const again = againSeconds === undefined ? "" : `<meta http-equiv="refresh" content="${againSeconds}">`;
  const way = link === undefined ? "" : `<p><a href="${escaped(link.href)}">${escaped(link.label)}</a></p>`;
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8">${again}` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>` +
    `<style>${style}</style></head><body><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${way}</main></body></html>`
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Why an agent cannot answer now; undefined when it should be able to. */
export function whyClosed(name: string, status: DeploymentStatus): DoorAnswer | undefined {
  const code = "agent_unavailable";
  const again = { status: 503, code, againSeconds: 3 };
  switch (status) {
    case "pending":
    case "provisioning":
      return { ...again, title: `${name} is starting`, text: "This page looks again by itself." };
    case "stopped":
      return { status: 503, code, title: `${name} is paused`, text: "A member of its workspace can wake it." };
    case "suspended":
      return { status: 503, code, title: `${name} is not available`, text: "Its workspace is suspended." };
    case "failed":
      return {
        status: 503,
        code,
        title: `${name} could not be started`,
        text: "Members of its workspace find the reason in the deployment's page and logs.",
      };
    default:
      return status === "active" || status === "scaled_down" ? undefined : nobodyHere;
  }
}

export const nobodyHere: DoorAnswer = {
  status: 404,
  code: "not_found",
  title: "There is no agent here",
  text: "The address is misspelt, or the agent was taken away.",
};

export const notAnswering: DoorAnswer = {
  status: 502,
  code: "agent_unreachable",
  title: "The agent does not answer",
  text: "It may be starting anew. This page looks again by itself.",
  againSeconds: 5,
};

export const tooBusy: DoorAnswer = {
  status: 503,
  code: "agent_busy",
  title: "The agent is busy",
  text: "Too many people use it at this moment. This page looks again by itself.",
  againSeconds: 5,
};
