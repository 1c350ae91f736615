// The seven lanes: which models may serve each virtual model, in order of preference, by model id.

import type { LaneDefinition } from "../catalogue.ts";

const deepseekV4Pro = "deepseek/deepseek-v4-pro";
const deepseekV4Flash = "deepseek/deepseek-v4-flash";
const m27 = "minimax/minimax-m2.7";
const mimoV25Pro = "xiaomi/mimo-v2.5-pro";
const qwen36Plus = "qwen/qwen3.6-plus";
const kimiK26 = "moonshotai/kimi-k2.6";
const sonnet = "anthropic/claude-sonnet-4.6";
const opus47 = "anthropic/claude-opus-4.7";
const glm51 = "z-ai/glm-5.1";
const glm47Flash = "z-ai/glm-4.7-flash";
const mistralSmall4 = "mistralai/mistral-small-2603";
const grok = "x-ai/grok-4.1-fast";
const grok43 = "x-ai/grok-4.3";
const gpt54 = "openai/gpt-5.4";
const gpt54Mini = "openai/gpt-5.4-mini";
const gpt54Nano = "openai/gpt-5.4-nano";
const gpt55 = "openai/gpt-5.5";
const gemma431b = "google/gemma-4-31b-it";
const gem31Pro = "google/gemini-3.1-pro-preview";

export const lanes: readonly LaneDefinition[] = [
  {
    lane: "auto",
    virtualModel: "astrolabe/auto",
    name: "Astrolabe Auto",
    description: "Reads the request, takes the lane that fits, and picks the model the stack's objective asks for.",
    defaultCandidates: [deepseekV4Pro, m27, mimoV25Pro, qwen36Plus, kimiK26, grok43, sonnet],
    fallbackCandidates: [grok, gemma431b, mistralSmall4],
    previewCandidates: [],
    triggerRules: ["no other lane's rule matches"],
  },
  {
    lane: "coding",
    virtualModel: "astrolabe/coding",
    name: "Astrolabe Coding",
    description: "Writing, changing and debugging code; agent loops that run commands; coordinating sub-agents.",
    defaultCandidates: [deepseekV4Pro, m27, mimoV25Pro, kimiK26, glm51, grok43, sonnet],
    fallbackCandidates: [deepseekV4Flash, mistralSmall4, grok],
    previewCandidates: [],
    triggerRules: ["category coding", "action class code_edit, exec_loop or subagent_coordination"],
  },
  {
    lane: "research",
    virtualModel: "astrolabe/research",
    name: "Astrolabe Research",
    description: "Comparing sources, citing them, long synthesis and browsing.",
    defaultCandidates: [qwen36Plus, mimoV25Pro, m27, deepseekV4Pro, grok43, gpt54, opus47, gpt55],
    fallbackCandidates: [grok, gemma431b],
    previewCandidates: [gem31Pro],
    triggerRules: ["category research", "action class research_synthesis or browser_research"],
  },
  {
    lane: "vision",
    virtualModel: "astrolabe/vision",
    name: "Astrolabe Vision",
    description: "Requests with images or video.",
    defaultCandidates: [qwen36Plus, kimiK26, gemma431b, mistralSmall4, grok43, sonnet],
    fallbackCandidates: [],
    previewCandidates: [gem31Pro, "google/gemini-3.1-pro-preview-customtools", "xiaomi/mimo-v2.5", "z-ai/glm-5v-turbo"],
    triggerRules: ["an image or a video is attached"],
  },
  {
    lane: "strict-json",
    virtualModel: "astrolabe/strict-json",
    name: "Astrolabe Strict JSON",
    description: "Structured output: JSON objects, JSON schemas, exact tool arguments.",
    defaultCandidates: [gpt54Nano, glm51, deepseekV4Flash, m27, gpt54Mini, sonnet],
    fallbackCandidates: [glm47Flash],
    previewCandidates: [],
    triggerRules: ["a JSON format is requested", "the text asks for the answer as JSON"],
  },
  {
    lane: "cheap",
    virtualModel: "astrolabe/cheap",
    name: "Astrolabe Cheap",
    description: "Short, low-risk turns at the lowest price; high-stakes text goes to the safe lane instead.",
    defaultCandidates: [gemma431b, deepseekV4Flash, grok, mistralSmall4, gpt54Nano],
    fallbackCandidates: [],
    previewCandidates: [],
    triggerRules: [
      "a simple low-risk turn without tools, or a low-risk turn when the cost mode is lowest_passable",
      "unless the quality target is high or critical",
    ],
  },
  {
    lane: "safe",
    virtualModel: "astrolabe/safe",
    name: "Astrolabe Safe",
    description: "Turns with consequences: money, law, health, deletion, credentials. Never served by weak models.",
    defaultCandidates: [sonnet, opus47, gpt55, gpt54],
    fallbackCandidates: [m27],
    previewCandidates: [],
    triggerRules: ["category or action class high_stakes", "an act that a person should approve"],
  },
];
