// Upstreams with an OpenAI-style HTTP API: OpenRouter, OpenAI itself, and every server that imitates it.

export { atAzure, extendAzureBody } from "./azure-openai.ts";
export { chatCompletionsDialect, chatCompletionsDialectFor } from "./chat-completions/index.ts";
export { extendOpenAiBody } from "./openai-body.ts";
export { extendOpenRouterBody } from "./openrouter-body.ts";
export { embeddingsDialect } from "./embeddings/index.ts";
