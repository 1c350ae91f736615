// Passes a WebSocket on to an agent: the agent is connected first, so that a client is only let in when somebody answers.

import type { Endpoint } from "../../../runtimes/runtime.ts";
import { headersForAgent, type Asker } from "./forwarded-headers.ts";
import type { DoorServer } from "./front-door.ts";

const connectMs = 10_000;
/** What may wait for a side that is slower than the other. */
const mostWaitingBytes = 16 * 1024 * 1024;
/** Told when the other side goes without a reason that may be repeated. */
const goingAway = 1001;
const tooSlow = 1013;

type Message = string | ArrayBuffer;

/** What belongs to a client's socket: the agent's, and what came from it before the client was there. */
export type DoorSocketData = {
  readonly agent: WebSocket;
  /** What came from the agent before; from then on nothing is kept. */
  readonly takeEarly: () => readonly Message[];
  /** Called once, when the client is gone. */
  readonly onEnd: () => void;
};

/** False when the agent does not take it. */
export async function passSocket(
  request: Request,
  { host, port }: Endpoint,
  asker: Asker,
  { server, onEnd }: { readonly server: DoorServer; readonly onEnd: () => void },
): Promise<boolean> {
  const { pathname, search } = new URL(request.url);
  const headers = headersForAgent(request.headers, asker);
  const handshake = Array.from(headers.keys()).filter((name) => name.startsWith("sec-websocket-"));
  for (const name of handshake) headers.delete(name);
  const protocols = (request.headers.get("sec-websocket-protocol") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const agent = new WebSocket(`ws://${host.includes(":") ? `[${host}]` : host}:${port}${pathname}${search}`, {
    headers: Object.fromEntries(headers),
    ...(protocols.length > 0 && { protocols }),
  });
  agent.binaryType = "arraybuffer";
  const takeEarly = keepEarly(agent);
  if (!(await isOpen(agent, request.signal))) {
    agent.close();
    return false;
  }
  const chosen = agent.protocol === "" ? {} : { headers: { "sec-websocket-protocol": agent.protocol } };
  if (server.upgrade(request, { data: { agent, takeEarly, onEnd }, ...chosen })) return true;
  agent.close();
  return false;
}

function keepEarly(agent: WebSocket): () => readonly Message[] {
  const early: Message[] = [];
  let bytes = 0;
  const keep = ({ data }: MessageEvent<Message>): void => {
    early.push(data);
    bytes += sizeOf(data);
    if (bytes > mostWaitingBytes) agent.close();
  };
  agent.addEventListener("message", keep);
  return () => {
    agent.removeEventListener("message", keep);
    return early;
  };
}

function isOpen(agent: WebSocket, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const clock = setTimeout(() => resolve(false), connectMs);
    const settle = (open: boolean) => (): void => {
      clearTimeout(clock);
      resolve(open);
    };
    agent.addEventListener("open", settle(true), { once: true });
    agent.addEventListener("error", settle(false), { once: true });
    agent.addEventListener("close", settle(false), { once: true });
    signal.addEventListener("abort", settle(false), { once: true });
  });
}

/** How the server treats sockets of clients that were let in. */
export const doorSockets: Bun.WebSocketHandler<DoorSocketData> = {
  idleTimeout: 600,
  maxPayloadLength: mostWaitingBytes,
  backpressureLimit: mostWaitingBytes,
  closeOnBackpressureLimit: true,
  open(client) {
    const { agent, takeEarly } = client.data;
    for (const message of takeEarly()) client.send(message);
    agent.addEventListener("message", ({ data }: MessageEvent<Message>) => void client.send(data));
    agent.addEventListener("close", ({ code, reason }) => client.close(repeatable(code), reason), { once: true });
    if (agent.readyState !== WebSocket.OPEN) client.close(goingAway);
  },
  message({ data: { agent } }, message) {
    if (agent.bufferedAmount > mostWaitingBytes) agent.close(tooSlow);
    else agent.send(message);
  },
  close({ data: { agent, onEnd } }, code, reason) {
    agent.close(repeatable(code), reason);
    onEnd();
  },
};

function sizeOf(message: Message): number {
  return typeof message === "string" ? message.length : message.byteLength;
}

/** Codes that say how a connection was lost may not be sent. */
function repeatable(code: number): number {
  return code === 1000 || (code >= 3000 && code <= 4999) ? code : goingAway;
}
