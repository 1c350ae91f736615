// The ten headers of the contract that every routed response carries, whatever the stack's observability says.

export const guaranteedHeaders = [
  "x-astrolabe-cloud-request-id",
  "x-astrolabe-cloud-workspace",
  "x-astrolabe-cloud-key",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-astrolabe-model",
  "x-astrolabe-stack-name",
  "x-astrolabe-stack-version",
  "x-astrolabe-policy-status",
] as const;
