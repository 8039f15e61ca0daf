import { refuse, type Parsed } from './result.ts'

/** C0 and C1 controls except tab and line feed, the byte order mark, and the invisible joins that make equal names differ. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2060\ufeff]/g
const SPACES = /^[\s\u3000]+|[\s\u3000]+$/g

/**
 * Text as it is stored and compared: well-formed, NFC, without control characters, trimmed (also U+3000).
 *
 * `\r\n` becomes `\n`. Zero-width joiners inside emoji survive. The result may be the empty string: the write path stores that as empty.
 */
export const cleanText = (text: string): string =>
  text.toWellFormed().replaceAll('\r\n', '\n').replace(UNSEEN, '').normalize('NFC').replace(SPACES, '')

/** One line of text: line feeds and tabs become single spaces. */
export const cleanLine = (text: string): string => cleanText(text).replace(/[\t\n]+/g, ' ')

/** Characters as a person counts them in PostgreSQL (code points, as `char_length`), not UTF-16 units. */
export function textLength(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

export function parseText(text: string, max: number): Parsed<{ text: string }, 'too_long'> {
  const clean = cleanText(text)
  return textLength(clean) > max ? refuse('too_long') : { ok: true, text: clean }
}

const UPPER = /[A-Z]/
const EVERY_UPPER = /[A-Z]/g
const lower = (letter: string) => String.fromCharCode(letter.charCodeAt(0) + 32)

/** The one folding of the product: A–Z only, exactly PostgreSQL's `lower(… collate "C")`. Full-width and accented letters keep their case. */
export const foldAscii = (text: string): string => (UPPER.test(text) ? text.replace(EVERY_UPPER, lower) : text)

/** Full-width digits, letters and signs (U+FF01–FF5E) and U+3000 as their ASCII twins: what an input method leaves behind. */
export const halfWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ')

/** “a Order” as it is said: the article before a name that a configuration has given. */
export const withArticles = (english: string): string => english.replace(/\b([Aa]) (?=[AEIOU])/g, '$1n ')
