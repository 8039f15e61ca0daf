import { createRequire } from 'node:module'
import { isIPv4 } from 'node:net'
import path from 'node:path'
import { provinceOf, parseRegion } from '#language/values'

type Search = (ip: string) => Promise<{ region: string | null }>
let search: Promise<Search> | undefined

/** The data file (11 MB, ip2region, MIT) is read on the first question, not at start. */
async function open(): Promise<Search> {
  const { loadContentFromFile, newWithBuffer } = await import('ip2region-ts')
  const file = path.join(path.dirname(createRequire(import.meta.url).resolve('ip2region-ts/package.json')), 'data/ip2region.xdb')
  const searcher = newWithBuffer(loadContentFromFile(file))
  return (ip) => searcher.search(ip)
}

const known = new Map<string, string | null>()
const KEPT = 5000

/** Province code (GB/T 2260) of an IPv4 address by the ip2region data file; null when it is private, foreign, IPv6, unknown or no address. */
export async function regionOfIp(ip: string | null): Promise<string | null> {
  if (ip === null || !isIPv4(ip)) return null
  const cached = known.get(ip)
  if (cached !== undefined) return cached
  const found = await lookUp(ip)
  if (known.size >= KEPT) known.clear()
  known.set(ip, found)
  return found
}

async function lookUp(ip: string): Promise<string | null> {
  const { region } = await (await (search ??= open()))(ip)
  const [country, , province] = (region ?? '').split('|')
  if (country !== '中国' || !province || province === '0') return null
  const parsed = parseRegion(province)
  return parsed.ok ? provinceOf(parsed.code) : null
}
