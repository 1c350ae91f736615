// What switches Amazon Bedrock on, what it needs then, and what becomes of it.

import { describe, expect, test } from "bun:test";
import { loadCatalogue } from "./catalogue/load-catalogue.ts";
import { ConfigError, readConfig, type Environment } from "./config.ts";
import { sandboxProvider } from "./providers/sandbox/sandbox.ts";
import { livePool, sandboxPool, upstreamLine } from "./upstreams.ts";

const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-central-1" };
const bedrockOf = (environment: Environment) => readConfig(environment).upstreams.find(({ id }) => id === "bedrock");

function refusalOf(environment: Environment): string {
  try {
    readConfig(environment);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message;
    throw thrown;
  }
  throw new Error("it was accepted");
}

/** The route that planning sees. */
function routeOf(environment: Environment) {
  const pool = livePool(
    readConfig(environment).upstreams,
    sandboxPool(sandboxProvider({ sleep: () => Promise.resolve() })),
  );
  const route = pool.upstreams.find(({ provider }) => provider === "bedrock");
  if (route === undefined) throw new Error("there is no route");
  const catalogue = loadCatalogue();
  const named = ["claude-opus-4-8", "claude-haiku-4-5", "titan-embed-text-v2", "openai/gpt-5.4"].map((id) => {
    const model = catalogue.find(id);
    return model === undefined ? "unknown" : route.upstreamModel(model);
  });
  return { region: route.region, dataPolicy: route.dataPolicy, named };
}

describe("Bedrock", () => {
  test("is not switched on by credentials and a region, which serve other purposes", () => {
    const { upstreams } = readConfig({ ...keys, AWS_SESSION_TOKEN: "token", AWS_DEFAULT_REGION: "us-east-1" });
    expect(upstreams).toEqual([]);
  });

  test.each([
    ["BEDROCK_REGION", "us-west-2", "us-west-2"],
    ["BEDROCK_INFERENCE_PROFILE", "eu", "eu-central-1"],
    ["BEDROCK_MODELS", "claude-haiku-4-5=x", "eu-central-1"],
    ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9", "eu-central-1"],
    ["AWS_BEARER_TOKEN_BEDROCK", "key", "eu-central-1"],
  ])("is switched on by %s, and says so", (name, value, region) => {
    const bedrock = bedrockOf({ ...keys, [name]: value });
    expect(bedrock?.bedrock).toMatchObject({ region, switchedOnBy: name });
    if (bedrock) expect(upstreamLine(bedrock)).toStartWith(`bedrock (${region}, `);
    if (bedrock) expect(upstreamLine(bedrock)).toEndWith(`; named by ${name})`);
  });

  test("has AWS's address of the region unless another is given", () => {
    expect(bedrockOf({ ...keys, BEDROCK_REGION: "us-gov-west-1" })?.baseUrl).toBe(
      "https://bedrock-runtime.us-gov-west-1.amazonaws.com",
    );
    expect(bedrockOf({ ...keys, BEDROCK_REGION: "cn-north-1" })?.baseUrl).toBe(
      "https://bedrock-runtime.cn-north-1.amazonaws.com.cn",
    );
    const AWS_ENDPOINT_URL_BEDROCK_RUNTIME = "https://vpce-1.example.com";
    expect(bedrockOf({ ...keys, AWS_ENDPOINT_URL_BEDROCK_RUNTIME })?.baseUrl).toBe("https://vpce-1.example.com");
  });

  test("takes an API key before AWS's keys", () => {
    expect(bedrockOf({ ...keys, AWS_BEARER_TOKEN_BEDROCK: "key" })?.bedrock?.credentials).toEqual({
      kind: "api-key",
      apiKey: "key",
    });
    expect(bedrockOf({ ...keys, BEDROCK_REGION: "us-east-1" })?.bedrock?.credentials).toEqual({
      kind: "access-key",
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "secret",
      sessionToken: undefined,
    });
  });

  test("says what is missing or wrong, and shows no value", () => {
    expect(refusalOf({ BEDROCK_REGION: "us-east-1" })).toBe(
      "BEDROCK_REGION switches on Amazon Bedrock, which needs AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK.",
    );
    expect(refusalOf({ AWS_BEARER_TOKEN_BEDROCK: "key" })).toBe(
      "AWS_BEARER_TOKEN_BEDROCK switches on Amazon Bedrock, which needs BEDROCK_REGION or AWS_REGION.",
    );
    expect(refusalOf({ ...keys, BEDROCK_REGION: "Frankfurt" })).toContain("must be a region such as us-east-1");
    expect(refusalOf({ ...keys, BEDROCK_INFERENCE_PROFILE: "us." })).toContain("BEDROCK_INFERENCE_PROFILE must be");
    expect(refusalOf({ ...keys, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: "here" })).toContain("must be an http(s) address");
    expect(refusalOf({ ...keys, BEDROCK_REGION: "us-east-1", BEDROCK_DATA_POLICY: "none" })).toContain(
      "must be one of",
    );
  });

  test("leaves its name to an upstream that the operator calls so", () => {
    const BEDROCK_BASE_URL = "https://bedrock-mantle.us-east-1.api.aws/v1";
    const own = bedrockOf({ ASTROLABE_UPSTREAMS: "bedrock", BEDROCK_BASE_URL, BEDROCK_REGION: "us-east-1" });
    expect(own).toMatchObject({ baseUrl: BEDROCK_BASE_URL, region: "us-east-1" });
    expect(own?.bedrock).toBeUndefined();
  });
});

describe("the route to Bedrock", () => {
  const titan = "amazon.titan-embed-text-v2:0";

  test("is in its region, for the agents' models, and promises no training", () => {
    expect(routeOf({ ...keys, BEDROCK_REGION: "eu-west-1" })).toEqual({
      region: "eu-west-1",
      dataPolicy: "no_training",
      named: ["anthropic.claude-opus-4-8", "anthropic.claude-haiku-4-5-20251001-v1:0", titan, undefined],
    });
  });

  test("is in the geography of its inference profiles, which serve Claude alone", () => {
    expect(routeOf({ ...keys, BEDROCK_INFERENCE_PROFILE: "eu", BEDROCK_DATA_POLICY: "zero_retention" })).toEqual({
      region: "eu",
      dataPolicy: "zero_retention",
      named: ["eu.anthropic.claude-opus-4-8", "eu.anthropic.claude-haiku-4-5-20251001-v1:0", titan, undefined],
    });
  });

  test.each([
    ["anthropic.claude-haiku-4-5-20251001-v1:0", "eu-central-1"],
    ["openai.gpt-5.6", "eu-central-1"],
    ["us.openai.gpt-5.6", "us"],
    ["us-gov.anthropic.claude-x", "us-gov"],
    ["arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x", "us"],
    ["arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2", undefined],
    ["us.anthropic.claude-x,claude-opus-4-8=eu.anthropic.claude-x", undefined],
  ])("with the model %s is in %p", (named, region) => {
    expect(routeOf({ ...keys, BEDROCK_MODELS: `claude-haiku-4-5=${named}` }).region).toBe(region);
  });
});
