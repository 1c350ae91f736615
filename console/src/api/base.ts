// Where this console lives: the page names its base path and the server's public address in `<meta>` tags.

function metaContent(name: string): string {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}

/** Path of the console with a slash at both ends; `/` unless the server lives below a path. */
export const basePath = metaContent("astrolabe-base") || "/";

/** The server's public address without a trailing slash, for lines that people copy. */
export const serverAddress = metaContent("astrolabe-address") || location.origin + basePath.replace(/\/$/, "");

/** What clients are given as their base URL. */
export const gatewayAddress = `${serverAddress}/v1`;
