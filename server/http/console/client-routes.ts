// The addresses at which the console's one page is answered. None is an address of the API, which also answers at the
// root of the server, without `/v1`.

/** First segments of the console's own addresses; `/` belongs to it too. */
export const clientSegments: ReadonlySet<string> = new Set([
  "w",
  "sign-in",
  "sign-up",
  "account",
  "operator",
  "catalogue",
  "pricing",
  "invitation",
  "claim",
  "device",
  "reset-password",
  "verify-email",
  "workspaces",
]);

/** First segments of addresses that programs ask for: what is wrong with one, they are told in JSON. */
const programSegments: ReadonlySet<string> = new Set(["api", "v1", "anthropic", "assets"]);

/** Whether the console shows a page at this path. */
export function isClientPath(path: string): boolean {
  return path === "/" || clientSegments.has(path.split("/")[1] ?? "");
}

/**
 * Whether it is `/<account>/<blueprint>`, the address that the published `ast push` prints; the page leads on from there.
 * Whether the two exist is not asked: a stranger learns nothing of it.
 */
export function isBlueprintPath(path: string): boolean {
  const [, account = ""] = /^\/([a-z][a-z0-9-]{1,38})\/[a-z][a-z0-9-]{1,62}$/.exec(path) ?? [];
  return account !== "" && !programSegments.has(account);
}
