// The pieces that every part of the control API shares: lists with cursors, names, money and time as text.

import { z } from "zod";
import { parseUsd } from "../money/picodollars.ts";
import { errorTable } from "./errors.ts";
import { problemSchema } from "./control-problems.ts";

/** ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime();
/** Exact decimal USD text. */
export const usdSchema = z.string().describe("Decimal USD as text, exact to 12 places.");
export const nameSchema = z.string().trim().min(1).max(100);
export const descriptionSchema = z.string().trim().max(1000);
/** Half of a surrogate pair, or a NUL: text that a database refuses, or gives back as another. */
const unstorable = /\p{Surrogate}|\0/u;

/** Text of 1 to this many characters that comes back from the database as it was sent. */
export function storableTextSchema(mostCharacters: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(mostCharacters)
    .refine((text) => !unstorable.test(text), "must be text that can be stored");
}

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "1 to 63 lower-case letters, digits and inner hyphens");

/** Decimal USD above zero and at most this many whole dollars, as text. */
export function amountSchema(mostUsd: number) {
  return z.string().refine((text) => {
    const amount = parseUsd(text);
    return amount !== undefined && amount > 0n && amount <= (parseUsd(String(mostUsd)) ?? 0n);
  }, `decimal USD above 0 and at most ${mostUsd}, as text with at most 12 decimals`);
}

/** Decimal USD other than zero, at most this many whole dollars either way, as text. */
export function signedAmountSchema(mostUsd: number) {
  const most = parseUsd(String(mostUsd)) ?? 0n;
  return z.string().refine((text) => {
    const amount = parseUsd(text);
    return amount !== undefined && amount !== 0n && amount <= most && amount >= -most;
  }, `decimal USD other than 0 and at most ${mostUsd}, as text with at most 12 decimals`);
}

export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many to return."),
  cursor: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("`next_cursor` of the previous page; absent starts at the first."),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

/** A page of a list; `next_cursor` is null on the last one. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    object: z.literal("list"),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable().describe("Give it as `cursor` to read on; null at the end."),
  });
}

export const errorBodySchema = z
  .strictObject({
    error: z.strictObject({
      code: z
        .enum(Object.keys(errorTable))
        .describe("What went wrong, for programs; docs/reference/errors.md lists all."),
      message: z.string().describe("What went wrong, for people."),
      type: z.string().describe("OpenAI's error type."),
      param: z.string().optional().describe("The field at fault."),
      requestId: z.string().describe("Also sent as `x-astrolabe-cloud-request-id`."),
      hint: z.string().describe("What the caller can do about it."),
      details: z
        .looseObject({ problems: z.array(problemSchema).optional() })
        .optional()
        .describe("Facts a program can act on."),
    }),
  })
  .meta({ id: "Error" });
