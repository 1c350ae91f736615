// The catalogue as the control API shows it: models with prices and capabilities, who serves them here, and lanes.

import { z } from "zod";
import { capabilities, lanes } from "./policy.ts";
import { listSchema, timeSchema } from "./control.ts";

const perMillion = z.string().describe("Decimal USD per million tokens as text, exact.");
const laneName = z.enum(lanes);

export const modelPricesSchema = z
  .strictObject({
    input_per_1m_usd: perMillion,
    output_per_1m_usd: perMillion.nullable().describe("Null for embeddings."),
    cached_input_per_1m_usd: perMillion
      .nullable()
      .describe("Input that the provider read from its cache; null: not sold apart."),
    cache_write_per_1m_usd: perMillion
      .nullable()
      .describe("Input that the provider wrote to its cache; null: not sold apart."),
  })
  .meta({ id: "ModelPrices" });

const providerSchema = z.strictObject({
  provider: z.string(),
  upstream_model: z.string().describe("The provider's own name for the model."),
  data_policy: z.enum(["any", "no_training", "zero_retention"]).describe("What the provider promises about data."),
  data_policy_per_request: z.boolean().describe("Whether it can be asked for a stricter data policy by a request."),
  region: z.string().nullable().describe("Null: not stated."),
});

const laneRoleSchema = z.strictObject({
  lane: laneName,
  virtual_model: z.string(),
  role: z.enum(["default", "fallback", "preview"]),
});

export const catalogueModelSchema = z
  .strictObject({
    object: z.literal("catalogue_model"),
    id: z.string(),
    name: z.string(),
    aliases: z.array(z.string()).describe("Other names that mean this model."),
    vendor: z.string().describe("Who made it; a vendor's models share it."),
    use: z.string().nullable().describe("What it is good for, in one sentence."),
    kind: z.enum(["generate", "embed"]),
    tier: z.string(),
    availability: z
      .enum(["routed", "listed", "preview"])
      .describe(
        "`routed`: virtual models may pick it. `listed`: only by name. `preview`: by name, or where a stack allows.",
      ),
    available: z.boolean().describe("Whether it is priced and a configured provider serves it."),
    context_tokens: z.number().int(),
    max_output_tokens: z.number().int().nullable().describe("Most tokens of one answer; null for embeddings."),
    modalities: z.array(z.enum(["text", "image", "file", "audio", "video"])).describe("What it takes as input."),
    capabilities: z.array(z.enum(capabilities)),
    supported_parameters: z.array(z.string()),
    prices: modelPricesSchema.nullable().describe("Null: unpriced, never served."),
    providers: z.array(providerSchema).describe("Who serves it here; empty: nobody."),
    lanes: z.array(laneRoleSchema),
    fallbacks: z.array(z.string()).describe("What its own failures fall back to, in order."),
    strength: z.number().describe("Ability on general work, 0 to 100, out of published benchmarks."),
    typical_first_byte_ms: z.number(),
    typical_tokens_per_second: z.number(),
  })
  .meta({ id: "CatalogueModel" });

const catalogueLaneSchema = z
  .strictObject({
    lane: laneName,
    virtual_model: z.string(),
    name: z.string(),
    description: z.string(),
  })
  .meta({ id: "CatalogueLane" });

export const catalogueSchema = z
  .strictObject({
    ...listSchema(catalogueModelSchema).shape,
    version: z.string().describe("Version of models and lanes."),
    price_version: z.string().describe("Version of the price list; stored with every debit."),
    mode: z.enum(["sandbox", "live"]).describe("`sandbox`: no provider is configured, made-up answers are served."),
    lanes: z.array(catalogueLaneSchema),
  })
  .meta({ id: "Catalogue" });

export const modelDetailSchema = z
  .strictObject({
    ...catalogueModelSchema.shape,
    price_version: z.string(),
    price_history: z
      .array(
        z.strictObject({
          price_version: z.string(),
          recorded_at: timeSchema.describe("When this server first ran with the list."),
          prices: modelPricesSchema.nullable().describe("Null: the list did not sell the model."),
        }),
      )
      .describe("Newest first; at most 100 price lists."),
  })
  .meta({ id: "CatalogueModelDetail" });
