import { lang } from '../../i18n/index.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

/** The phone's own sentence for `key`, `{name}` filled from `params`. */
export function p(key: keyof typeof zh, params?: Record<string, string | number>): string {
  const sentence = (lang() === 'en' ? en : zh)[key]
  return params ? sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : sentence
}
