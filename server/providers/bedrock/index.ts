// Amazon Bedrock: Claude and others by the Converse API, embeddings by Titan.

export { bedrockProvider, type BedrockProviderOptions } from "./bedrock-provider.ts";
export type { BedrockCredentials } from "./sign-request.ts";
