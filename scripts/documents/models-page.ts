// docs/reference/models.md: the catalogue for people.

import type { CatalogueModel } from "../../server/catalogue/catalogue.ts";
import { loadCatalogue } from "../../server/catalogue/load-catalogue.ts";
import { formatPerMillion, type Picodollars } from "../../server/money/picodollars.ts";
import { code, pageHead, table } from "./markdown.ts";

export function modelsPage(): string {
  const { models, lanes, priceVersion } = loadCatalogue();
  const virtual = lanes.map((lane) => [code(lane.virtualModel), lane.description, lane.triggerRules.join("; ")]);
  const sections = availabilities.map(({ availability, title, about }) => {
    const rows = models.filter((model) => model.availability === availability).map(modelRow);
    return `## ${title}\n\n${about}\n\n${table(modelHeadings, rows)}\n`;
  });
  const agentRows = models.filter(({ forAgents }) => forAgents === true).map(({ id, use }) => [code(id), use ?? ""]);
  return [
    pageHead("Models", "server/catalogue/data/", introduction(priceVersion)),
    `## Virtual models\n\n${table(["Model", "For", "`astrolabe/auto` takes its lane when"], virtual)}\n`,
    `## For agents\n\n${agentIntroduction}\n\n${table(["Model", "For"], agentRows)}\n`,
    ...sections,
  ].join("\n");
}

const availabilities: readonly {
  readonly availability: CatalogueModel["availability"];
  readonly title: string;
  readonly about: string;
}[] = [
  { availability: "routed", title: "Routed", about: "May be picked for a virtual model, or asked for by name." },
  {
    availability: "preview",
    title: "Preview",
    about: "By name, or for a virtual model where the stack's `boundaries.allowPreview` is on.",
  },
  {
    availability: "listed",
    title: "Listed",
    about: "Only when asked for by name or listed in a stack, or as a fallback that a lane or another model names.",
  },
];

const modelHeadings = ["Model", "Name", "Tier", "Context", "Takes", "Input", "Output", "Cached", "Cache write", "Use"];

function modelRow(model: CatalogueModel): string[] {
  const { input_token, output_token, cached_input_token, cache_write_token } = model.prices ?? {};
  const prices = [input_token, output_token, cached_input_token, cache_write_token].map(perMillion);
  const facts = [code(model.id), model.name, model.tier, model.contextTokens.toLocaleString("en-US")];
  return [...facts, model.modalities.join(", "), ...prices, model.use ?? ""];
}

function perMillion(price: Picodollars | undefined): string {
  return price === undefined ? "-" : formatPerMillion(price);
}

const agentIntroduction = `What an agent with \`astro_ai_gateway: true\` asks for, by these names; \`agent_models\` in \`GET /v1/models\` lists them.
Every other model answers it too.`;

const introduction = (
  priceVersion: string,
) => `Prices are USD per million tokens, price list ${priceVersion}; \`-\` is not sold separately. \`GET /v1/models?view=raw\`
gives the same to programs, and says which of them a configured upstream serves.`;
