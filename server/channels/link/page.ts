import type { Tenant } from '#platform/db'
import { escapeHtml, type Language } from '#platform/http'

const WORDS = {
  zh: { title: '链接已失效', more: '这个链接已经停用，或者地址不完整。请向发给你的人要一个新的。' },
  en: { title: 'This link no longer works', more: 'It was switched off, or the address is not complete. Please ask whoever sent it for a new one.' },
} as const

/** Shown to a visitor whose link leads nowhere. */
export const deadPage = (tenant: Pick<Tenant, 'name'>, { lang, prefix }: { lang: Language; prefix: string }): string => `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${WORDS[lang].title} · ${escapeHtml(tenant.name)}</title><link rel="stylesheet" href="${escapeHtml(prefix)}/f/assets/form.css"></head>
<body><header>${escapeHtml(tenant.name)}</header><main><section><h1>${WORDS[lang].title}</h1><p>${WORDS[lang].more}</p></section></main></body></html>`
