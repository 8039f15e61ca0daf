import ipaddr from 'ipaddr.js'
import type { IncomingMessage } from 'node:http'

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Where a request comes from. `X-Forwarded-For` is believed only as far as it was written by the proxies named in
 * `trusted` (addresses or CIDR ranges), read from the right; anybody can write the rest.
 */
export function addressReader(trusted: readonly string[]): (request: IncomingMessage) => string {
  const ranges = trusted.map(rangeOf)
  const isTrusted = (address: string) => ranges.some((range) => within(address, range))
  return (request) => {
    const peer = plain(request.socket.remoteAddress ?? '') ?? '0.0.0.0'
    if (!isTrusted(peer)) return peer
    const told = String(request.headers['x-forwarded-for'] ?? '').split(',').map((each) => plain(each.trim())).reverse()
    const outside = told.findIndex((each) => each === undefined || !isTrusted(each))
    return told[outside] ?? (outside === -1 ? told.at(-1) : undefined) ?? peer
  }
}

/** IPv4 written inside IPv6 is IPv4; undefined for what is not an address. */
function plain(text: string): string | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : undefined
}

function rangeOf(text: string): Range {
  return text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.process(text), ipaddr.process(text).kind() === 'ipv4' ? 32 : 128]
}

function within(address: string, [range, bits]: Range): boolean {
  const parsed = ipaddr.parse(address)
  return parsed.kind() === range.kind() && parsed.match([range, bits] as never)
}

/** What limits count by: an IPv4 address, or the /64 that one IPv6 subscriber holds. */
export function networkOf(address: string): string {
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4' ? parsed.toString() : `${(parsed as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16)).join(':')}::/64`
}

export const isLoopback = (address: string): boolean => ipaddr.process(address).range() === 'loopback'
