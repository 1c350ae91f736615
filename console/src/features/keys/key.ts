// An API key as the control API tells it, and how its state is said.

import type { z } from "zod";
import type {
  createdKeySchema,
  createKeySchema,
  keySchema,
  updateKeySchema,
} from "../../../../server/contracts/control-keys.ts";
import type { Tone } from "../../ui/status.tsx";

export type ApiKey = z.output<typeof keySchema>;
export type CreatedApiKey = z.output<typeof createdKeySchema>;
export type KeyChanges = z.input<typeof updateKeySchema>;
export type KeyInput = z.input<typeof createKeySchema>;

/** Whether an agent got it by itself: its name, lifetime and secret are not set by hand. */
export function isOfAgent({ purpose }: ApiKey): boolean {
  return purpose === "development" || purpose === "deployment";
}

export const keyTones: Readonly<Record<ApiKey["status"], Tone>> = { active: "good", expired: "plain", revoked: "bad" };
export const keyWords: Readonly<Record<ApiKey["status"], string>> = {
  active: "Active",
  expired: "Expired",
  revoked: "Revoked",
};
