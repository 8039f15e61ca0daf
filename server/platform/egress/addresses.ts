import ipaddr from 'ipaddr.js'

/** Networks that the installation opens on purpose, e.g. `10.0.0.0/8` for a receiver inside the company. */
export type Opened = readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]

/** Throws on anything that is not a comma-separated list of CIDR blocks or addresses: a typo must not open nothing silently. */
export function parseOpened(text: string): Opened {
  return text.split(',').map((each) => each.trim()).filter(Boolean).map(blockOf)
}

function blockOf(text: string): Opened[number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Public unicast addresses, and those opened. Everything else (private, loopback, link-local, metadata services, multicast, reserved) is refused. */
export function mayReach(text: string, opened: Opened): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return isPublic(address) || opened.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
}

/** 6to4, Teredo and NAT64 carry an IPv4 address inside and count as the tunnels they are. */
const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean => address.range() === 'unicast'
