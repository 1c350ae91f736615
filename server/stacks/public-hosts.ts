// Which hosts are on the public internet: addresses by the special-purpose registries of IANA, names by their endings.

import { BlockList, isIPv4, isIPv6 } from "node:net";

/** IPv4 blocks that are not public (RFC 6890 and its registry). */
const reservedV4 = [
  ["0.0.0.0", 8, "this network, unspecified"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "carrier-grade NAT"],
  ["127.0.0.0", 8, "loopback"],
  ["169.254.0.0", 16, "link-local, cloud metadata"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "protocol assignments"],
  ["192.0.2.0", 24, "documentation"],
  ["192.88.99.0", 24, "6to4 relays"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "benchmarks"],
  ["198.51.100.0", 24, "documentation"],
  ["203.0.113.0", 24, "documentation"],
  ["224.0.0.0", 4, "multicast"],
  ["240.0.0.0", 4, "reserved, broadcast"],
] as const;

/** IPv6 blocks inside the global range 2000::/3 that are not public, or carry an IPv4 address that may not be. */
const reservedV6 = [
  ["2001::", 23, "protocol assignments, Teredo, ORCHID"],
  ["2001:db8::", 32, "documentation"],
  ["2002::", 16, "6to4"],
  ["3fff::", 20, "documentation"],
] as const;

const notPublicV4 = new BlockList();
for (const [network, prefix] of reservedV4) notPublicV4.addSubnet(network, prefix, "ipv4");

const globalV6 = new BlockList();
globalV6.addSubnet("2000::", 3, "ipv6");
const notPublicV6 = new BlockList();
for (const [network, prefix] of reservedV6) notPublicV6.addSubnet(network, prefix, "ipv6");

/**
 * Whether an address, IPv6 without brackets, is public. IPv6 is public only inside 2000::/3, which leaves out loopback,
 * unique-local, link-local, multicast, NAT64 and IPv4-mapped or -compatible addresses. False for anything else.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublicV4.check(address, "ipv4");
  return isIPv6(address) && globalV6.check(address, "ipv6") && !notPublicV6.check(address, "ipv6");
}

/** Endings of names that never belong to the public internet, or are known to lead to any address one writes into them. */
const notPublicEndings = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "home.arpa",
  "in-addr.arpa",
  "ip6.arpa",
  "onion",
  "test",
  "invalid",
  "example",
  "nip.io",
  "sslip.io",
  "xip.io",
  "localtest.me",
  "lvh.me",
];

/** Whether a lower-case host name could be public: at least two labels, and no reserved ending. It is not looked up. */
export function isPublicName(name: string): boolean {
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(name) || name.length > 253) return false;
  // A last label of digits is no domain: it is a broken or disguised address.
  if (/\.(?:\d+|0x[0-9a-f]*)$/.test(name)) return false;
  return !notPublicEndings.some((ending) => name === ending || name.endsWith(`.${ending}`));
}
