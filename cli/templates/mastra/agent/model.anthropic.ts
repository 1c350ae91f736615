// The model that answers, with your own key for Anthropic.

import { required } from "./environment.ts";

export const model = {
  providerId: "anthropic",
  modelId: process.env["MODEL_DEFAULT"] || "claude-sonnet-4-6",
  apiKey: required("ANTHROPIC_API_KEY"),
};

export const maxRetries = 2;
