// The part of the environment that says where deployments of Azure OpenAI answer, and which models they are.

import type { UpstreamConfig } from "./config.ts";
import { ConfigError, isHttpAddress, type ReadText } from "./config-values.ts";

export const azureOpenAiId = "azure-openai";
export const azurePrefix = "AZURE_OPENAI";

export type AzureReading = Pick<UpstreamConfig, "baseUrl" | "apiVersion"> & {
  /** What the deployments are read from, like any upstream's `_MODELS`. */
  readonly deployments: string;
};

/** Undefined without `AZURE_OPENAI_API_KEY`. @throws ConfigError when something that the key needs is missing or wrong. */
export function readAzureOpenAi(text: ReadText): AzureReading | undefined {
  if (text(`${azurePrefix}_API_KEY`) === undefined) return undefined;
  const endpoint = text(`${azurePrefix}_ENDPOINT`);
  if (endpoint === undefined || !isHttpAddress(endpoint) || endpoint.includes("?")) {
    throw new ConfigError(
      `${azurePrefix}_ENDPOINT must be the resource's address such as https://my-resource.openai.azure.com, since ${azurePrefix}_API_KEY is set.`,
    );
  }
  const deployments = text(`${azurePrefix}_DEPLOYMENTS`);
  if (deployments === undefined) {
    throw new ConfigError(
      `${azurePrefix}_DEPLOYMENTS must say which deployment is which model, such as openai/gpt-5.4-mini=my-deployment, since ${azurePrefix}_API_KEY is set.`,
    );
  }
  const apiVersion = text(`${azurePrefix}_API_VERSION`);
  if (apiVersion !== undefined && !/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(apiVersion)) {
    throw new ConfigError(`${azurePrefix}_API_VERSION must be a dated version such as 2024-10-21, or left out for v1.`);
  }
  const resource = endpoint.replace(/\/+$/, "").replace(/\/openai(?:\/v1)?$/, "");
  return { baseUrl: `${resource}/openai${apiVersion === undefined ? "/v1" : ""}`, apiVersion, deployments };
}
