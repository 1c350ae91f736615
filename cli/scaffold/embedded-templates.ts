// The templates as part of this program. Import it dynamically: Bun runs no macro below node_modules, so that the import
// fails where `ast` was installed as a package; there the files themselves are at hand.

import { readTemplateFiles } from "./template-files.ts" with { type: "macro" };

export const embeddedTemplates: Readonly<Record<string, string>> = readTemplateFiles();
