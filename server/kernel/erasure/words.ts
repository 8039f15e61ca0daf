import type { Field } from '#language/definitions'
import { ERASED } from './wiped.ts'

/** What a person is known by: what tells them from everybody else, and what they are called. */
export interface PersonWords { strong: readonly string[]; names: readonly string[] }

const SHORTEST = 5

/** Values long enough that finding them means this person. */
export const isTelling = (value: string): boolean => [...value.trim()].length >= SHORTEST
/** 「李」 or “Li” stands in too many other words. */
export const isName = (value: string): boolean => (/\p{Script=Han}/u.test(value) ? [...value].length >= 2 : [...value].length >= 4)

const PHONE = /^\+(?:86(1\d{10})|(\d{7,15}))$/

/** As which texts a value may stand in a table: as it is, grouped as people write phones, and as forms and programs write it. For a text whose ASCII letters alone were made small. */
export const spellings = (value: string): string[] => [...new Set([value.normalize('NFC').toLowerCase(), smallAscii(value.normalize('NFC'))].flatMap(forms))]

const smallAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

function forms(text: string): string[] {
  const [, mobile, digits] = PHONE.exec(text) ?? []
  if (mobile) return [mobile, ...[' ', '-', '\u00a0'].map((gap) => [mobile.slice(0, 3), mobile.slice(3, 7), mobile.slice(7)].join(gap)), `${mobile.slice(0, 3)} ${mobile.slice(3)}`]
  if (digits) return [digits]
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text).toLowerCase(), escapedIn(text)]
}

/** As JSON that keeps to ASCII writes it. */
const escapedIn = (text: string): string => text.replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

export const likes = (values: readonly string[]): string[] => values.flatMap(spellings).map(like)
const like = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`

/** Patterns one of which fits whatever any of `likes` fits, and that are fewer: what several spellings of a value have in common stands for them. */
export const hints = (values: readonly string[]): string[] => [...new Set(values.flatMap((value) => spellings(value).reduce<string[]>(gathered, [])).map(like))]

/** Shorter than this, too many rows have it too. */
const COMMON = 4

function gathered(cores: string[], spelling: string): string[] {
  const shared = cores.map((core) => common(core, spelling))
  const at = shared.findIndex((text) => text.length >= COMMON)
  return at < 0 ? [...cores, spelling] : cores.with(at, shared[at]!)
}

/** The longest text that stands in both; of two the later one, because phone numbers differ at their end. */
function common(a: string, b: string): string {
  // By signs, not by halves of them.
  const signs = [...a]
  for (let length = signs.length; length >= COMMON; length--)
    for (let from = signs.length - length; from >= 0; from--) {
      const part = signs.slice(from, from + length).join('')
      if (b.includes(part)) return part
    }
  return ''
}

/** Replaces every spelling of these values; a phone takes its country code along. */
export function swapper(values: readonly string[]): (text: string) => string {
  const all = [...new Set(values.flatMap(spellings))].sort((a, b) => b.length - a.length)
  if (all.length === 0) return (text) => text
  const pattern = new RegExp(all.map((each) => (/^\d[\d\s\u00a0-]*$/.test(each) ? `(?:(?:\\+|00)?86[\\s-]?)?(?<!\\d)${quoted(each)}(?!\\d)|(?:\\+|00)86${quoted(each)}(?!\\d)` : quoted(each))).join('|'), 'giu')
  return (text) => text.replace(pattern, ERASED)
}

const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** A JSON value with every text in it passed through `swap`; the same value where nothing changed. */
export function swapped(value: unknown, swap: (text: string) => string): unknown {
  if (typeof value === 'string') return swap(value)
  if (Array.isArray(value)) { const all = value.map((each) => swapped(each, swap)); return all.every((each, i) => each === value[i]) ? value : all }
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, each]) => [swap(key), swapped(each, swap)] as const)
  return Object.entries(value).every(([key, each], i) => entries[i]![0] === key && entries[i]![1] === each) ? value : Object.fromEntries(entries)
}

const SHAPED: ReadonlySet<string> = new Set(['phone', 'email', 'url'])

/** A value of a field that holds such a word: words within a text are replaced; what has a shape of its own is emptied. */
export function swappedIn(field: Pick<Field, 'kind' | 'personal' | 'unique'> | undefined, value: unknown, swap: (text: string) => string): unknown {
  const after = swapped(value, swap)
  return after !== value && field && (SHAPED.has(field.kind) || field.personal || field.unique) ? null : after
}
