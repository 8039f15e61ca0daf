import type { IncomingHttpHeaders } from 'node:http'

export type Language = 'zh' | 'en'

/** `?lang=` wins over Accept-Language; 中文 unless English is asked for first. */
export function languageOf(headers: IncomingHttpHeaders, url: string): Language {
  const asked = /[?&]lang=(zh|en)/.exec(url)?.[1]
  if (asked) return asked as Language
  const first = (headers['accept-language'] ?? '').split(',').map(preference).sort((a, b) => b.weight - a.weight).find(({ lang }) => lang)
  return first?.lang ?? 'zh'
}

function preference(text: string): { lang: Language | undefined; weight: number } {
  const [tag = '', ...rest] = text.trim().toLowerCase().split(';')
  const weight = Number(rest.find((each) => each.trim().startsWith('q='))?.trim().slice(2) ?? 1)
  return { lang: tag.startsWith('zh') ? 'zh' : tag.startsWith('en') ? 'en' : undefined, weight }
}
