// The model that answers, with your own key for Anthropic.

import { createAnthropic } from "@ai-sdk/anthropic";
import { required } from "./environment.ts";

const anthropic = createAnthropic({ apiKey: required("ANTHROPIC_API_KEY") });

export const model = anthropic(process.env["MODEL_DEFAULT"] || "claude-sonnet-4-6");

export const maxRetries = 2;
