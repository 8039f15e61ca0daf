import { AREAS, CITIES, PROVINCES, type AreaKey } from './region-table.ts'
import { refuse, type Lang, type Parsed } from './result.ts'
import { halfWidth } from './text.ts'

export { AREAS, type AreaKey } from './region-table.ts'

/** A GB/T 2260 code of six digits: `310000` 上海, `320500` 苏州. */
export interface Region { code: string; short: { zh: string; en: string }; full: string; level: 'province' | 'city' }

const provinces: readonly Region[] = PROVINCES.map(([prefix, zh, suffix, en]) => ({ code: `${prefix}0000`, short: { zh, en }, full: zh + suffix, level: 'province' }))
const cities: readonly Region[] = CITIES.trim().split(/\s+/).map(readCity)

function readCity(entry: string): Region {
  const [, digits = '', zh = '', suffix = '市', en = ''] = /^(\d{4})([\u4e00-\u9fff]+)(?:·([\u4e00-\u9fff]+))?(.+)$/.exec(entry) ?? []
  return { code: `${digits}00`, short: { zh, en }, full: zh + suffix, level: 'city' }
}

const byCode = new Map([...provinces, ...cities].map((region) => [region.code, region]))
const areaByPrefix = new Map(PROVINCES.map(([prefix, , , , area]) => [prefix, area]))

/** Every province, in the order of the standard; with `province` its prefecture-level cities. For pickers. */
export const regionsOf = (province?: string): readonly Region[] => (province === undefined ? provinces : cities.filter(({ code }) => code.startsWith(province.slice(0, 2))))
export const regionAt = (code: string): Region | undefined => byCode.get(code)

/** Six digits whose province exists; counties are accepted though they have no name here. */
export const isRegionCode = (code: string): boolean => /^\d{6}$/.test(code) && areaByPrefix.has(code.slice(0, 2))

/** The province code of any region code: `320500` → `320000`. */
export const provinceOf = (code: string): string => `${code.slice(0, 2)}0000`
/** The greater region (华东 …) of a region code; null when the province is unknown. */
export const areaOf = (code: string): AreaKey | null => areaByPrefix.get(code.slice(0, 2)) ?? null
export const isArea = (key: string): key is AreaKey => Object.hasOwn(AREAS, key)

/** The digits every code below begins with: of a province two, of a city four, of a county all six, of a greater region those of its provinces. */
export function regionPrefixes(codeOrArea: string): string[] {
  if (isArea(codeOrArea)) return PROVINCES.filter(([, , , , area]) => area === codeOrArea).map(([prefix]) => prefix)
  return [codeOrArea.replace(/(?:00){1,2}$/, '')]
}

/** `上海市`, `江苏苏州`, `江苏省苏州市吴中区`, `苏州`, `310000` → the most exact code known. `吉林` is the province, `吉林市` the city. */
export function parseRegion(text: string): Parsed<{ code: string }, 'empty' | 'unknown_region'> {
  const plain = halfWidth(text).replace(/[\s,，、/|·-]/g, '').replace(/^(?:中国|中华人民共和国)/, '')
  if (plain === '') return refuse('empty')
  if (isRegionCode(plain)) return { ok: true, code: plain }
  const found = cities.find(({ full }) => full === plain) ?? withinProvince(plain) ?? beginning(cities, plain)
  return found ? { ok: true, code: found.code } : refuse('unknown_region')
}

function withinProvince(plain: string): Region | undefined {
  const province = beginning(provinces, plain)
  if (!province) return undefined
  return beginning(regionsOf(province.code), rest(plain, province)) ?? province
}

const rest = (plain: string, { full, short }: Region): string => plain.slice(plain.startsWith(full) ? full.length : short.zh.length)
/** 海南州 is how people shorten 海南藏族自治州; a bare short name matches too. */
const beginning = (regions: readonly Region[], plain: string): Region | undefined =>
  regions.find(({ full }) => plain.startsWith(full)) ?? regions.find(({ short }) => plain.startsWith(short.zh))

/** 「江苏苏州」, 「上海」, 「华东」; English "Suzhou, Jiangsu". A county shows its city; an unknown code shows itself. */
export function formatRegion(code: string, lang: Lang = 'zh'): string {
  if (isArea(code)) return AREAS[code][lang]
  const province = byCode.get(provinceOf(code))
  if (!province) return code
  const city = byCode.get(`${code.slice(0, 4)}00`)
  if (!city || city === province) return province.short[lang]
  return lang === 'zh' ? province.short.zh + city.short.zh : `${city.short.en}, ${province.short.en}`
}
