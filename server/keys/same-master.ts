// Recognises the master secret that a database was made with. Under another one every stored key hash is worthless: all
// API keys would be refused without a reason anyone could see.

import { deriveKey } from "./master-secret.ts";

const settingName = "master_secret.mark";

type Settings = {
  get(name: string): Promise<string | undefined>;
  claim(name: string, value: string): Promise<boolean>;
};

/** Remembers the secret's mark on the first start. @throws Error for the operator when the mark is another one's */
export async function requireSameMaster(settings: Settings, master: Uint8Array): Promise<void> {
  const mark = Buffer.from(deriveKey(master, "database-mark")).toString("base64url");
  if (await settings.claim(settingName, mark)) return;
  if ((await settings.get(settingName)) === mark) return;
  throw new Error(
    "The master key is not the one this database was made with, so no API key would work. " +
      "Restore master.key or ASTROLABE_MASTER_KEY, or start with an empty ASTROLABE_DATA_DIR, or another DATABASE_URL.",
  );
}
