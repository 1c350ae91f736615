// A receipt as clients get it.

import { z } from "zod";

const usd = z.string().describe("USD as decimal text with 12 places.");

export const receiptSchema = z
  .object({
    object: z.literal("receipt"),
    iss: z.string().describe("The server's public address."),
    request_id: z.string(),
    workspace: z.string(),
    key_id: z.string(),
    created_at: z.string().describe("When the request arrived."),
    requested_model: z.string(),
    model: z.string().nullable(),
    provider: z.string().nullable(),
    status: z.enum(["billed", "unbillable"]),
    reason: z.string().nullable().describe("Why nothing was debited."),
    price_version: z.string(),
    lines: z.array(
      z.object({
        model: z.string(),
        provider: z.string(),
        unit: z.string(),
        count: z.number().int(),
        unit_price_usd: usd,
        amount_usd: usd,
      }),
    ),
    debit_usd: usd,
    uncollected_usd: usd,
    entry: z
      .object({ sequence: z.number().int(), id: z.string(), hash: z.string(), created_at: z.string() })
      .nullable()
      .describe("The debit's place in the workspace's chain."),
    jws: z.string().describe("All of the above as a compact JWS (EdDSA); the key is at `/.well-known/jwks.json`."),
  })
  .meta({ id: "Receipt" });
