// The agents that can be scaffolded, and whose models they may ask.

export const templateNames = ["mastra", "ai-sdk", "openai", "langchain", "openai-python"] as const;
export type TemplateName = (typeof templateNames)[number];

export const modelSources = ["gateway", "anthropic", "openai"] as const;
/** `gateway`: this server's gateway, without a provider's key; the others: one's own key with that provider. */
export type ModelSource = (typeof modelSources)[number];

export type Template = {
  /** As documents call the framework. */
  readonly title: string;
  readonly language: "typescript" | "python";
  readonly summary: string;
};

export const templates: Readonly<Record<TemplateName, Template>> = {
  mastra: { title: "Mastra", language: "typescript", summary: "TypeScript agent with Mastra" },
  "ai-sdk": { title: "the AI SDK", language: "typescript", summary: "TypeScript agent with the AI SDK" },
  openai: { title: "the OpenAI SDK", language: "typescript", summary: "TypeScript agent with the OpenAI SDK alone" },
  langchain: { title: "LangChain", language: "python", summary: "Python agent with LangChain" },
  "openai-python": {
    title: "the OpenAI SDK",
    language: "python",
    summary: "Python agent with the OpenAI SDK alone",
  },
};

export const modelSourceSummaries: Readonly<Record<ModelSource, string>> = {
  gateway: "the AI gateway, without a provider's key",
  anthropic: "Anthropic, with your own key",
  openai: "OpenAI, with your own key",
};

/** What starts an agent of a language again whenever its files change; in a shell. */
export const devCommands: Readonly<Record<Template["language"], string>> = {
  typescript: "bun --watch agent/main.ts",
  python: "uvicorn agent.main:app --host 0.0.0.0 --port ${PORT:-80} --reload --reload-dir agent",
};
