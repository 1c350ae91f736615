// The model that answers, with your own key for OpenAI.

import OpenAI from "openai";
import { required } from "./environment.ts";

export const client = new OpenAI({ apiKey: required("OPENAI_API_KEY") });

export const model = process.env["MODEL_DEFAULT"] || "gpt-5.4";
