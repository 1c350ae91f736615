// Rules about what is run: an image or a build, and a health check that checks something.

import type { Findings } from "../findings.ts";
import { entriesAt, mappingAt, valueAt, type Path } from "../raw-values.ts";
import { named } from "../words.ts";

const containerSections = ["models", "knowledge", "integrations", "ingestion"];

export function checkContainers(root: unknown, findings: Findings): void {
  checkContainer(root, ["agent"], findings);
  for (const section of containerSections) {
    for (const { path } of entriesAt(root, [section])) checkContainer(root, [...path, "container"], findings);
  }
}

function checkContainer(root: unknown, path: Path, findings: Findings): void {
  const container = mappingAt(root, path);
  if (container === undefined) return;
  const image = Object.hasOwn(container, "image");
  const build = Object.hasOwn(container, "build");
  if (image && build) {
    findings.error({
      code: "image-and-build",
      path: [...path, "build"],
      message: `${named(path)} has both \`image\` and \`build\`.`,
      hint: "Keep `build` to make the image from source, `image` to use one that exists.",
      aim: "key",
    });
  }
  if (!image && !build) {
    findings.error({
      code: "image-or-build",
      path,
      message: `${named(path)} says neither \`image\` nor \`build\`.`,
      hint: "Add `image: my-agent:latest`, or `build: { context: ., dockerfile: Dockerfile }`.",
      aim: "key",
    });
  }
  checkHealthcheck(root, [...path, "healthcheck"], findings);
}

function checkHealthcheck(root: unknown, path: Path, findings: Findings): void {
  const healthcheck = mappingAt(root, path);
  if (healthcheck === undefined) return;
  if (!Object.hasOwn(healthcheck, "test") && !Object.hasOwn(healthcheck, "path")) {
    findings.error({
      code: "healthcheck-empty",
      path,
      message: `${named(path)} says neither \`test\` nor \`path\`.`,
      hint: 'Add `path: /health` for a container that serves HTTP, or a command: `test: ["CMD", "..."]`.',
      aim: "key",
    });
  }
  const words = valueAt(root, [...path, "test"]);
  const shell = Array.isArray(words) && (words[0] === "CMD" || words[0] === "CMD-SHELL") && words.length === 1;
  if (shell) {
    findings.error({
      code: "healthcheck-empty",
      path: [...path, "test"],
      message: `${named([...path, "test"])} has no command after ${String(words[0])}.`,
      hint: 'For example: `test: ["CMD", "redis-cli", "ping"]`.',
      aim: "value",
    });
  }
}
