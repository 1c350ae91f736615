// The model that answers, through the gateway: no provider key is needed.

import { required } from "./environment.ts";

export const model = {
  providerId: "astro",
  modelId: process.env["MODEL_DEFAULT"] || "claude-sonnet-4-6",
  url: required("ASTRO_GATEWAY_URL"),
  apiKey: required("ASTRO_GATEWAY_API_KEY"),
};

/** The gateway tries other ways itself; what it still refuses is said at once. */
export const maxRetries = 0;
