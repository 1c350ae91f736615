// What is wrong with the text of astropods.yml, and what is only doubtful. The reader is loaded at the first push.

import type { ShownDiagnostic } from "../contracts/agents-limits.ts";

export async function checkSpec(_source: string): Promise<readonly ShownDiagnostic[]> {
  return [];
}
