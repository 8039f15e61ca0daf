import { filled, lang, setLang } from '../../i18n/index.ts'
import { speak } from '../../api/client.ts'
import type { Lang } from '#language/values'
import { zh } from './zh.ts'

let words: Record<keyof typeof zh, string> = zh

/** The phone's own sentence for `key`, `{name}` filled from `params`. */
export function p(key: keyof typeof zh, params?: Record<string, string | number>): string {
  return filled(words[key], params)
}

/** The words must be there before anything is drawn with them. */
export async function loadWords(next: Lang = lang()): Promise<void> {
  words = next === 'en' ? (await import('./en.ts')).en : zh
}

export async function switchLang(next: Lang): Promise<void> {
  await loadWords(next)
  await setLang(next)
  speak()
}
