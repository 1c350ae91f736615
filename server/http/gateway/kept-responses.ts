// Responses that were kept, for key holders of their workspace: read, list what they were asked, delete. None runs in the
// background, so there is none to cancel.

import type { Hono } from "hono";
import { z } from "zod";
import { invalidBody, problemsOf } from "../../contracts/control-problems.ts";
import { GatewayError, invalidField } from "../../contracts/errors.ts";
import { inputItemPage } from "../../protocols/responses/input-item-list.ts";
import type { Services } from "../../request/services.ts";
import type { Admitted } from "../../request/stages.ts";
import type { ResponseOwner } from "../../stored-responses/response-records.ts";
import { answerAdmitted, type AdmittedCall } from "./admitted-call.ts";

const wholeLimit = "Must be a whole number from 1 to 100.";

/** `include` apart, which may be there several times. */
export const inputItemsQuery = z.object({
  limit: z.coerce
    .number(wholeLimit)
    .int(wholeLimit)
    .min(1, wholeLimit)
    .max(100, wholeLimit)
    .default(20)
    .describe("Most items of one page, 1 to 100."),
  order: z.enum(["asc", "desc"]).default("desc").describe("Newest first, or oldest first."),
  after: z.string().max(200).optional().describe("The id of the last item of the page before."),
});

/** Mounts the routes below `prefix` (`/v1` or nothing). */
export function mountKeptResponses(app: Hono, prefix: string, services: Services): void {
  const { responses } = services;
  const path = `${prefix}/responses/:id`;
  const call =
    (answer: (owner: ResponseOwner, id: string, query: URLSearchParams) => Promise<object>): AdmittedCall =>
    (admitted, { req }) =>
      answer(ownerOf(admitted), req.param("id") ?? "", new URL(req.url).searchParams);
  const read = call(async (owner, id, query) => {
    refuseStream(query);
    const { rest, turn } = await responses.find(owner, id);
    return { ...rest, output: turn.output };
  });
  const remove = call(async (owner, id) => {
    await responses.delete(owner, id);
    return { id, object: "response", deleted: true };
  });
  const items = call(async (owner, id, query) => {
    const wanted = readQuery(query);
    return inputItemPage(await responses.turnsOf(owner, id), wanted);
  });
  const cancel = call(async (owner, id) => {
    await responses.find(owner, id);
    const message = "Only responses that run in the background can be cancelled, and this one has ended.";
    throw new GatewayError("invalid_request", message, { hint: "To stop an answer, close its connection." });
  });
  app.get(path, (context) => answerAdmitted(context, read, services));
  app.delete(path, (context) => answerAdmitted(context, remove, services));
  app.get(`${path}/input_items`, (context) => answerAdmitted(context, items, services));
  app.post(`${path}/cancel`, (context) => answerAdmitted(context, cancel, services));
}

function ownerOf({ workspace, key }: Admitted): ResponseOwner {
  return { workspaceId: workspace.id, mode: key.mode };
}

function refuseStream(query: URLSearchParams): void {
  if (query.get("stream") === "true") throw invalidField("stream", "absent or false: a kept response has ended");
}

function readQuery(query: URLSearchParams) {
  const names = ["limit", "order", "after"];
  const given = [...query].filter(([name]) => names.includes(name));
  const read = inputItemsQuery.safeParse(Object.fromEntries(given));
  if (!read.success) throw invalidBody(problemsOf(read.error));
  const encrypted = [...query.getAll("include"), ...query.getAll("include[]")].includes("reasoning.encrypted_content");
  return { ...read.data, encrypted };
}
