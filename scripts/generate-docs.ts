// `npm run docs`: writes the generated documentation. tests/tidy-documents.test.ts fails when it is not up to date.

import { join } from "node:path";
import { generatedFiles } from "./documents/documents.ts";

const root = join(import.meta.dir, "..");

for (const [path, text] of await generatedFiles(root)) {
  await Bun.write(join(root, path), text);
  console.log(path);
}
