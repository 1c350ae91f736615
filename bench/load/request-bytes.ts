// A request as the bytes that go over the wire, built once and sent many times.

import { pathOf, requestBody, type Protocol, type StreamOrder } from "../prompt.ts";
import type { LoadedServer } from "./job.ts";

/** Streamed when `order` is given. */
export function requestBytes(server: LoadedServer, protocol: Protocol, order?: StreamOrder): Buffer {
  const body = Buffer.from(requestBody(protocol, server.model, order));
  const headers = {
    host: `127.0.0.1:${server.port}`,
    "content-type": "application/json",
    "content-length": String(body.length),
    ...server.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${pathOf[protocol]} HTTP/1.1\r\n${lines.join("")}\r\n`), body]);
}
