// The playground as the control API shows it: which keys its requests run under.

import { z } from "zod";

export const playgroundProtocols = ["responses", "chat-completions", "messages", "embeddings"] as const;

const playgroundKeySchema = z.strictObject({
  status: z.enum(["unused", "active", "expired", "revoked"]).describe("`unused`: the first request makes the key."),
  key: z.string().nullable().describe("The key's id; null while unused."),
});

export const playgroundSchema = z
  .strictObject({ object: z.literal("playground"), live: playgroundKeySchema, test: playgroundKeySchema })
  .meta({ id: "Playground" });

export const modeQuerySchema = z.strictObject({
  mode: z
    .enum(["live", "test"])
    .default("live")
    .describe("`live` spends credits; `test` is answered by the sandbox and costs nothing."),
});

export const renewPlaygroundSchema = z
  .strictObject({ mode: z.enum(["live", "test"]) })
  .meta({ id: "RenewPlaygroundKey" });
