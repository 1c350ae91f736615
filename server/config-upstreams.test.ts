// Upstreams out of the environment: what switches one on, what stops the start, and in which words.

import { describe, expect, test } from "bun:test";
import { readConfig, type Environment } from "./config.ts";

const upstreamsOf = (environment: Environment) => readConfig(environment).upstreams;

describe("Gemini", () => {
  test.each([
    [undefined, "https://generativelanguage.googleapis.com/v1beta"],
    ["https://mirror.example.com/", "https://mirror.example.com/v1beta"],
    ["https://mirror.example.com/v1beta", "https://mirror.example.com/v1beta"],
    ["https://mirror.example.com/v1", "https://mirror.example.com/v1"],
  ])("with its key and the address %p is asked at %s", (address, baseUrl) => {
    const environment = { GEMINI_API_KEY: "key", ...(address === undefined ? {} : { GEMINI_BASE_URL: address }) };
    expect(upstreamsOf(environment)).toMatchObject([{ id: "gemini", baseUrl, dataPolicy: "any", protocols: [] }]);
  });

  test.each([
    ["GEMINI_BASE_URL", "https://generativelanguage.googleapis.com/v1beta/openai/"],
    ["GEMINI_PROTOCOLS", "chat-completions"],
  ])("is not asked in OpenAI's protocols: %s says so", (name, value) => {
    expect(() => upstreamsOf({ GEMINI_API_KEY: "key", [name]: value })).toThrow(name);
  });
});

describe("Azure OpenAI", () => {
  const environment = {
    AZURE_OPENAI_API_KEY: "key",
    AZURE_OPENAI_ENDPOINT: "https://resource.openai.azure.com",
    AZURE_OPENAI_DEPLOYMENTS: "openai/gpt-5.4=one, openai/gpt-5.4-mini=two",
  };

  test.each([
    "https://resource.openai.azure.com",
    "https://resource.openai.azure.com/",
    "https://resource.openai.azure.com/openai",
    "https://resource.openai.azure.com/openai/v1/",
  ])("with the endpoint %s is asked at its API v1", (endpoint) => {
    const [upstream] = upstreamsOf({ ...environment, AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_REGION: "eu" });
    expect(upstream).toMatchObject({
      id: "azure-openai",
      baseUrl: "https://resource.openai.azure.com/openai/v1",
      dataPolicy: "no_training",
      protocols: ["responses", "chat-completions", "embeddings"],
      region: "eu",
    });
    expect([...(upstream?.models ?? [])]).toEqual([
      ["openai/gpt-5.4", "one"],
      ["openai/gpt-5.4-mini", "two"],
    ]);
  });

  test("at a dated version has addresses without one, and no responses", () => {
    expect(upstreamsOf({ ...environment, AZURE_OPENAI_API_VERSION: "2024-10-21" })).toMatchObject([
      {
        baseUrl: "https://resource.openai.azure.com/openai",
        protocols: ["chat-completions", "embeddings"],
        apiVersion: "2024-10-21",
      },
    ]);
  });

  test.each<[string, string | undefined]>([
    ["AZURE_OPENAI_ENDPOINT", undefined],
    ["AZURE_OPENAI_ENDPOINT", "resource"],
    ["AZURE_OPENAI_ENDPOINT", "https://resource.openai.azure.com/?api-version=1"],
    ["AZURE_OPENAI_DEPLOYMENTS", undefined],
    ["AZURE_OPENAI_DEPLOYMENTS", "openai/gpt-5.4="],
    ["AZURE_OPENAI_API_VERSION", "latest"],
  ])("%s may not be %p", (name, value) => {
    expect(() => upstreamsOf({ ...environment, [name]: value })).toThrow(name);
  });

  test("is not there without its key, whatever else there is", () => {
    expect(upstreamsOf({ ...environment, AZURE_OPENAI_API_KEY: undefined })).toEqual([]);
  });
});

test("a name that a key has taken is not free", () => {
  expect(() => upstreamsOf({ GEMINI_API_KEY: "key", ASTROLABE_UPSTREAMS: "gemini" })).toThrow("a name of its own");
});

test("names that every object knows are names like any other", () => {
  const environment = { ASTROLABE_UPSTREAMS: "constructor", CONSTRUCTOR_BASE_URL: "https://models.example.com/v1x" };
  expect(upstreamsOf(environment)).toMatchObject([{ id: "constructor", baseUrl: "https://models.example.com/v1x" }]);
});
