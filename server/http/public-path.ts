// The path of the public address: a server may be reached below one, `https://host/astrolabe`.

import { getPath } from "hono/utils/url";

/** The path of an address, `""` for the root, else such as `/astrolabe`. */
export function pathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, "");
}

/** A proxy in front may leave that path on a request or take it off: both arrive at the same route. */
export function pathReader(publicUrl: string): (request: Request) => string {
  const prefix = pathOf(publicUrl);
  if (prefix === "") return getPath;
  return (request) => {
    const path = getPath(request);
    if (path === prefix) return "/";
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  };
}
