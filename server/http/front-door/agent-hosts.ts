// Which requests are for agents: those whose host is a label below the agents' domain. Asked of every request, so it does
// as little as can be done.

export type AgentHosts = {
  /** The label of the deployment that the request is for; undefined when it is for the server itself. */
  readonly labelOf: (request: Request) => string | undefined;
  /** Where people find a deployment, without a trailing slash. */
  readonly urlOf: (label: string) => string;
};

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;
const label = /^[a-z0-9-]{1,63}$/;

/**
 * @param domain undefined: `localhost` where the public address is this machine's own, else there are none.
 * @param publicUrl gives scheme and port, which agents share with the server.
 */
export function agentHosts(domain: string | undefined, publicUrl: string): AgentHosts | undefined {
  const { protocol, port, hostname } = new URL(publicUrl);
  const below = domain ?? (loopback.test(hostname) ? "localhost" : undefined);
  if (below === undefined) return undefined;
  const suffix = `.${below}`;
  const shownPort = port === "" ? "" : `:${port}`;
  return {
    urlOf: (name) => `${protocol}//${name}${suffix}${shownPort}`,
    labelOf: (request) => {
      const host = request.headers.get("host")?.toLowerCase();
      return host === undefined || host.indexOf(suffix) < 1 ? undefined : belowSuffix(host, suffix, hostname);
    },
  };
}

function belowSuffix(host: string, suffix: string, ownName: string): string | undefined {
  const name = host.replace(/:\d{1,5}$/, "").replace(/\.$/, "");
  if (name === ownName || !name.endsWith(suffix)) return undefined;
  const first = name.slice(0, -suffix.length);
  return label.test(first) ? first : undefined;
}
