// The guides that `ast docs` prints: in the program itself, so that they are those of its version.

export type Guide = { readonly summary: string; readonly read: () => Promise<{ readonly default: string }> };

export const guides = {
  agents: {
    summary: "Create an agent, run it here, deploy it",
    read: () => import("../docs/guides/agents.md", { with: { type: "text" } }),
  },
  gateway: {
    summary: "What an agent is given to call models, and how frameworks use it",
    read: () => import("../docs/guides/ai-gateway.md", { with: { type: "text" } }),
  },
  local: {
    summary: "ast dev: values, stores, builds",
    read: () => import("../docs/guides/local-development.md", { with: { type: "text" } }),
  },
  keys: {
    summary: "Gateway keys: which there are, and what ends them",
    read: () => import("../docs/guides/agents-gateway-keys.md", { with: { type: "text" } }),
  },
  ast: {
    summary: "Installing, signing in, CI",
    read: () => import("../docs/guides/ast.md", { with: { type: "text" } }),
  },
  blueprint: {
    summary: "astropods.yml, key by key",
    read: () => import("../docs/reference/astropods-yml.md", { with: { type: "text" } }),
  },
} as const satisfies Readonly<Record<string, Guide>>;

export type GuideName = keyof typeof guides;

export const guideNames: readonly GuideName[] = ["agents", "gateway", "local", "keys", "ast", "blueprint"];
