import { useSyncExternalStore } from 'react'
import type { Lang } from '#language/values'
import { remember, remembered } from '../design/theme.ts'
import type { zh } from './zh/index.ts'

type Zh = typeof zh
export type WordKey = { [Area in keyof Zh]: `${Area & string}.${keyof Zh[Area] & string}` }[keyof Zh]
/** A translation has exactly the keys of the Chinese original. */
export type Words<Original> = { [Area in keyof Original]: { [Key in keyof Original[Area]]: string } }

const KEPT = 'nextmove.lang'
const listeners = new Set<() => void>()
let current: Lang = 'zh'
type Dictionary = Readonly<Record<string, Readonly<Record<string, string>>>>
let chinese: Dictionary = {}
let words: Dictionary = chinese

/** Chinese as far as it is at hand: a phone begins with what its first screen says. */
export function teach(more: Dictionary): void {
  chinese = { ...chinese, ...more }
  if (current === 'zh') words = chinese
}

/** The sentence for `key`, `{name}` filled from `params`. Read at render; the whole tree is drawn anew when the language changes. */
export function t(key: WordKey, params?: Record<string, string | number>): string {
  const [area = '', word = ''] = key.split('.')
  return filled(words[area]?.[word] ?? key, params)
}

/** `{name}` filled from `params`; what is not given stays as it is written. */
export const filled = (sentence: string, params?: Record<string, string | number>): string =>
  params ? sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : sentence

export const lang = (): Lang => current

export async function setLang(next: Lang): Promise<void> {
  words = next === 'en' ? (await import('./en/index.ts')).en : chinese
  current = next
  remember(KEPT, next)
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN'
  for (const listener of listeners) listener()
}

/** Before the first render, so that nothing is drawn twice. */
export const restoreLang = async (): Promise<void> => { if (remembered(KEPT) === 'en') await setLang('en') }

const subscribe = (listener: () => void) => { listeners.add(listener); return () => { listeners.delete(listener) } }
export const useLang = (): Lang => useSyncExternalStore(subscribe, () => current)

/** The reader's word of a two-language label. */
export const label = (words: { zh: string; en: string } | undefined): string => (words ? words[current] : '')
