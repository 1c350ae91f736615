// Lines that the containers of a deployment have written.

import { z } from "zod";
import { parseJson } from "../../server/contracts/json.ts";
import type { Api } from "./api.ts";
import { readEvents } from "./event-stream.ts";
import { apiPath, queryOf } from "./http-client.ts";

const lineSchema = z.object({
  timestamp: z.string().default(""),
  level: z.string().default("INFO"),
  message: z.string(),
  workload: z.string().default(""),
  stream: z.string().default("stdout"),
});
const statusSchema = z.object({ status: z.string(), message: z.string().default("") });
const errorSchema = z.object({ error: z.string() });

export type LogLine = z.output<typeof lineSchema>;
export type LogEvent =
  | { readonly kind: "line"; readonly line: LogLine }
  | { readonly kind: "status"; readonly status: string; readonly message: string }
  | { readonly kind: "error"; readonly message: string };

export type LogQuery = {
  readonly workload: string | undefined;
  /** ISO 8601. */
  readonly since: string | undefined;
  /** Only the last so many. */
  readonly tail: number | undefined;
};

/** Of the last 15 minutes, oldest first. */
export async function readLogs(api: Api, id: string, query: LogQuery): Promise<readonly LogLine[]> {
  return api.read(z.array(lineSchema), "GET", apiPath`/api/v1/deployments/${id}/logs` + queryOf({ ...query }));
}

/** As they come, until the server ends the stream. */
export async function* followLogs(api: Api, id: string, query: LogQuery): AsyncGenerator<LogEvent> {
  const path = apiPath`/api/v1/deployments/${id}/logs/stream` + queryOf({ ...query });
  const { body } = await api.open(path, "text/event-stream");
  if (body === null) return;
  for await (const { event, data } of readEvents(body)) {
    const known = eventOf(event, data);
    if (known !== undefined) yield known;
  }
}

function eventOf(event: string, data: string): LogEvent | undefined {
  const content = parseJson(data);
  if (event === "message") {
    const line = lineSchema.safeParse(content);
    return line.success ? { kind: "line", line: line.data } : undefined;
  }
  if (event === "status") {
    const status = statusSchema.safeParse(content);
    return status.success ? { kind: "status", ...status.data } : undefined;
  }
  if (event !== "error") return undefined;
  const error = errorSchema.safeParse(content);
  return { kind: "error", message: error.success ? error.data.error : "The stream ended." };
}
