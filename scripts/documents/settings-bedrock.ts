// The settings of Amazon Bedrock, in words.

import type { SettingGroup } from "./settings.ts";

export const bedrockSettings: SettingGroup = {
  title: "Amazon Bedrock",
  settings: [
    {
      name: "BEDROCK_REGION",
      meaning:
        "Where its models are asked; left out, `AWS_REGION` or `AWS_DEFAULT_REGION`. Stacks that name regions go by it, or by the geography of the inference profiles.",
      accepts: "an AWS region such as `eu-central-1`",
    },
    {
      name: "BEDROCK_INFERENCE_PROFILE",
      meaning:
        "The geography whose cross-region inference profiles serve Claude; its requests may then run anywhere in it. Left out: in the region alone, where most Claude models are not to be had.",
      accepts: "`us`, `eu`, `apac`, `global` or another prefix of profiles",
    },
    {
      name: "BEDROCK_MODELS",
      meaning:
        "Which models it has, as everywhere; the names are ids of models or profiles, or ARNs, and are sent as they stand. Left out: the agents' models, of which only Claude's take the profile.",
      accepts: "`catalogue-id=model-id`, separated by commas",
    },
    {
      name: "BEDROCK_DATA_POLICY",
      meaning:
        "What AWS has promised you. AWS trains nothing on requests; whether all that is asked is forgotten depends on the account and on the models.",
      accepts: "`any`, `no_training` or `zero_retention`",
      preset: "no_training",
    },
    {
      name: "AWS_BEARER_TOKEN_BEDROCK",
      meaning: "A Bedrock API key. Where it is set, nothing is signed with the keys below.",
      accepts: "text",
    },
    { name: "AWS_ACCESS_KEY_ID", meaning: "Signs requests, together with the two below.", accepts: "text" },
    { name: "AWS_SECRET_ACCESS_KEY", meaning: "The secret of the key above.", accepts: "text" },
    {
      name: "AWS_SESSION_TOKEN",
      meaning: "For keys that end after a while. They are read at start: restart the server with new ones.",
      accepts: "text",
    },
    { name: "AWS_REGION", meaning: "Used where `BEDROCK_REGION` says nothing.", accepts: "an AWS region" },
    { name: "AWS_DEFAULT_REGION", meaning: "Used where `AWS_REGION` says nothing.", accepts: "an AWS region" },
    {
      name: "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
      meaning: "Another address of the runtime, such as a VPC endpoint. Left out: AWS's own in the region.",
      accepts: "an http(s) address",
    },
  ],
};
