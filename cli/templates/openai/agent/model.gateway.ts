// The model that answers, through the gateway: no provider key is needed.

import OpenAI from "openai";
import { required } from "./environment.ts";

export const client = new OpenAI({
  baseURL: required("ASTRO_GATEWAY_URL"),
  apiKey: required("ASTRO_GATEWAY_API_KEY"),
  // The gateway tries other ways itself; what it still refuses is said at once.
  maxRetries: 0,
});

export const model = process.env["MODEL_DEFAULT"] || "claude-sonnet-4-6";
