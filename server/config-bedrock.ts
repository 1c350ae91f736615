// The settings of Amazon Bedrock. AWS's credentials and region stand in many environments for other purposes, so that
// they alone switch nothing on: a variable that names Bedrock has to be there.

import { ConfigError, isHttpAddress, type ReadText } from "./config-values.ts";
import type { BedrockCredentials } from "./providers/bedrock/index.ts";

export type BedrockAccess = {
  /** The AWS region that requests are sent to and signed for. */
  readonly region: string;
  readonly credentials: BedrockCredentials;
  /** Put before Claude's ids: `us`, `eu`, `global`. Undefined: models are asked for in the region itself. */
  readonly inferenceProfile: string | undefined;
  /** The variable that named Bedrock. */
  readonly switchedOnBy: string;
};

/** In the order in which they count as the one that did. */
const namesBedrock = [
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
  "BEDROCK_REGION",
  "BEDROCK_INFERENCE_PROFILE",
  "BEDROCK_MODELS",
] as const;

/** Undefined when nothing names Bedrock. @throws ConfigError when what it needs is missing or wrong */
export function readBedrock(text: ReadText): (BedrockAccess & { readonly endpoint: string }) | undefined {
  const profile = text("BEDROCK_INFERENCE_PROFILE");
  const credentials = readCredentials(text);
  const region = readRegion(text);
  const endpoint = text("AWS_ENDPOINT_URL_BEDROCK_RUNTIME");
  const switchedOnBy = namesBedrock.find((name) => text(name) !== undefined);
  if (switchedOnBy === undefined) return undefined;
  if (credentials === undefined) {
    throw new ConfigError(
      `${switchedOnBy} switches on Amazon Bedrock, which needs AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK.`,
    );
  }
  if (region === undefined) {
    throw new ConfigError(`${switchedOnBy} switches on Amazon Bedrock, which needs BEDROCK_REGION or AWS_REGION.`);
  }
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/.test(region)) {
    throw new ConfigError("BEDROCK_REGION or AWS_REGION must be a region such as us-east-1.");
  }
  if (endpoint !== undefined && !isHttpAddress(endpoint)) {
    throw new ConfigError("AWS_ENDPOINT_URL_BEDROCK_RUNTIME must be an http(s) address.");
  }
  if (profile !== undefined && !/^[a-z]{2,}(?:-[a-z]+)?$/.test(profile)) {
    throw new ConfigError(
      "BEDROCK_INFERENCE_PROFILE must be the prefix of inference profiles: us, eu, apac or global.",
    );
  }
  return {
    endpoint:
      endpoint ??
      `https://bedrock-runtime.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`,
    region,
    credentials,
    inferenceProfile: profile,
    switchedOnBy,
  };
}

/** A key for Bedrock alone goes before keys for everything, as with AWS's own clients. */
function readCredentials(text: ReadText): BedrockCredentials | undefined {
  const accessKeyId = text("AWS_ACCESS_KEY_ID");
  const secretAccessKey = text("AWS_SECRET_ACCESS_KEY");
  const sessionToken = text("AWS_SESSION_TOKEN");
  const apiKey = text("AWS_BEARER_TOKEN_BEDROCK");
  if (apiKey !== undefined) return { kind: "api-key", apiKey };
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { kind: "access-key", accessKeyId, secretAccessKey, sessionToken };
}

function readRegion(text: ReadText): string | undefined {
  const [own, usual, fallback] = [text("BEDROCK_REGION"), text("AWS_REGION"), text("AWS_DEFAULT_REGION")];
  return own ?? usual ?? fallback;
}

/**
 * Where requests are answered, for stacks that name regions: the region itself, or the one geography whose profiles are
 * used. Undefined where several are, or a profile of the account does not say.
 */
export function bedrockRegion(
  { region, inferenceProfile }: Pick<BedrockAccess, "region" | "inferenceProfile">,
  upstreamModels: readonly string[],
): string | undefined {
  const own = upstreamModels.length === 0 && inferenceProfile !== undefined ? [inferenceProfile] : [];
  const geographies = new Set([...own, ...upstreamModels.flatMap(geographyOf)]);
  if (geographies.size === 0) return region;
  const [only, ...others] = geographies;
  return others.length === 0 && only !== unknownGeography ? only : undefined;
}

const unknownGeography = "unknown";

/** `us` of `us.anthropic.claude-...`, alone or at the end of an ARN; nothing for models of the region. */
function geographyOf(upstreamModel: string): string[] {
  if (upstreamModel.includes(":application-inference-profile/")) return [unknownGeography];
  const geography = /(?:^|\/)([a-z]{2,}(?:-[a-z]+)?)\.[a-z0-9-]+\.[a-z]/.exec(upstreamModel)?.[1];
  return geography === undefined ? [] : [geography];
}
