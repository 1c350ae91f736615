// The model that answers, with your own key for Anthropic, which speaks the OpenAI SDK's protocol at this address.

import OpenAI from "openai";
import { required } from "./environment.ts";

export const client = new OpenAI({
  baseURL: "https://api.anthropic.com/v1/",
  apiKey: required("ANTHROPIC_API_KEY"),
});

export const model = process.env["MODEL_DEFAULT"] || "claude-sonnet-4-6";
