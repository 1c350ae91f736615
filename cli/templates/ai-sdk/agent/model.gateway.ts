// The model that answers, through the gateway: no provider key is needed.

import { createOpenAI } from "@ai-sdk/openai";
import { required } from "./environment.ts";

const gateway = createOpenAI({
  baseURL: required("ASTRO_GATEWAY_URL"),
  apiKey: required("ASTRO_GATEWAY_API_KEY"),
});

export const model = gateway(process.env["MODEL_DEFAULT"] || "claude-sonnet-4-6");

/** The gateway tries other ways itself; what it still refuses is said at once. */
export const maxRetries = 0;
