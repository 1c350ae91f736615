// The model that answers, with your own key for OpenAI.

import { required } from "./environment.ts";

export const model = {
  providerId: "openai",
  modelId: process.env["MODEL_DEFAULT"] || "gpt-5.4",
  apiKey: required("OPENAI_API_KEY"),
};

export const maxRetries = 2;
