// Shows an address in the person's browser, where there is a screen.

import type { Environment } from "../context.ts";

/** @returns false when there is nothing to show it with. */
export async function openBrowser(address: string, environment: Environment, platform: string): Promise<boolean> {
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? "")) return false;
  const program = opener(environment, platform);
  if (program === undefined || Bun.which(program) === null) return false;
  const child = Bun.spawn([program, address], { stdio: ["ignore", "ignore", "ignore"], env: { ...environment } });
  child.unref();
  return true;
}

function opener(environment: Environment, platform: string): string | undefined {
  if (platform === "darwin") return environment["SSH_CONNECTION"] === undefined ? "open" : undefined;
  const hasScreen = Boolean(environment["DISPLAY"] || environment["WAYLAND_DISPLAY"]);
  return hasScreen ? "xdg-open" : undefined;
}
