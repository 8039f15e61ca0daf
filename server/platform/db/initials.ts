import { createRequire } from 'node:module'
import type { pinyin as Read } from 'pinyin-pro'

/** The dictionary comes with the first name that is written. */
const pinyin = ((...given: Parameters<typeof Read>) => (dictionary ??= createRequire(import.meta.url)('pinyin-pro').pinyin as typeof Read)(...given)) as typeof Read
let dictionary: typeof Read | undefined

const HAN = /\p{Script=Han}/u
const LETTER = /[a-z]/
const KNOWN = 4_096

/**
 * What a text is also found by: the first letters of its characters' readings, letters and digits as they are («王娜科技» → «wnkj»).
 * Where a name is read otherwise as a surname, both readings part by a blank («单春» → «dc sc»). Null: no Chinese, nothing to add.
 */
export function initialsOf(text: string): string | null {
  if (!HAN.test(text)) return null
  const known = texts.get(text)
  if (known !== undefined) return known
  const found = spelled(text)
  if (texts.size >= KNOWN) texts.clear()
  texts.set(text, found)
  return found
}
const texts = new Map<string, string | null>()

function spelled(text: string): string | null {
  const short = text.slice(0, 500)
  const letters = [...short].map(lettersOf)
  // Most characters have one first letter whatever the word; only the others are worth reading in their context (100 µs).
  const readings = letters.some((each) => each.length > 1) ? [inContext(short, 'off'), inContext(short, 'head')] : [letters.join('')]
  return [...new Set(readings)].filter(Boolean).join(' ') || null
}

const inContext = (text: string, surname: 'off' | 'head'): string => first(text, surname).map((each) => each.toLowerCase()).filter(plain).join('')
const first = (text: string, surname: 'off' | 'head'): string[] => pinyin(text, { pattern: 'first', toneType: 'none', type: 'array', surname })
const plain = (sign: string): boolean => /^[a-z0-9]$/.test(sign)

/** The first letters that one sign may be read with; itself where it is a letter or a digit; nothing for other signs. */
function lettersOf(sign: string): string {
  const known = signs.get(sign)
  if (known !== undefined) return known
  const low = sign.toLowerCase()
  const letters = HAN.test(sign) ? [...new Set(pinyin(sign, { pattern: 'first', toneType: 'none', type: 'array', multiple: true }))].filter((each) => LETTER.test(each)).join('') : plain(low) ? low : ''
  signs.set(sign, letters)
  return letters
}
const signs = new Map<string, string>()
