// A small agent for tests: a folder with a blueprint, whose containers run shell scripts with busybox.

import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { busybox, shellLines } from "./container-image.ts";

/**
 * Gives the folder.
 * @param files further ones, or others instead of these, by path
 */
export function writeShellProject(
  blueprint: string,
  script: string,
  files: Readonly<Record<string, string>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-project-"));
  copyFileSync(busybox(), join(folder, "busybox"));
  const all = {
    "astropods.yml": blueprint,
    "agent/main.sh": script,
    Dockerfile: [...shellLines, "WORKDIR /app", "COPY agent agent", 'CMD ["/bin/sh", "agent/main.sh"]', ""].join("\n"),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Serves HTTP on $PORT until it is told to end. */
export const servingScript = `
b=/bin/busybox
echo "started with REGION=$REGION"
$b mkdir -p /tmp/www
echo "hello from $ASTRO_AGENT_NAME in $REGION" > /tmp/www/index.html
$b touch /data/written && echo "may write"
exec $b httpd -f -p "\${PORT:-80}" -h /tmp/www
`;
