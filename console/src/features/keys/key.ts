// An API key as the control API tells it, and how its state is said.

import type { z } from "zod";
import type { createdKeySchema, createKeySchema, keySchema } from "../../../../server/contracts/control-keys.ts";
import type { Tone } from "../../ui/status.tsx";

export type ApiKey = z.output<typeof keySchema>;
export type CreatedApiKey = z.output<typeof createdKeySchema>;
export type KeyInput = z.input<typeof createKeySchema>;

export const keyTones: Readonly<Record<ApiKey["status"], Tone>> = { active: "good", expired: "plain", revoked: "bad" };
export const keyWords: Readonly<Record<ApiKey["status"], string>> = {
  active: "Active",
  expired: "Expired",
  revoked: "Revoked",
};
