// The model that answers, with your own key for OpenAI.

import { createOpenAI } from "@ai-sdk/openai";
import { required } from "./environment.ts";

const openai = createOpenAI({ apiKey: required("OPENAI_API_KEY") });

export const model = openai(process.env["MODEL_DEFAULT"] || "gpt-5.4");

export const maxRetries = 2;
