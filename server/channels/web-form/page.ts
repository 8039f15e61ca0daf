import type { Dictionary, Field, Form } from '#language/definitions'
import { escapeHtml } from '#platform/http'

export interface PageFacts {
  form: Form
  lang: 'zh' | 'en'
  company: string
  /** Prefix of the tenant in paths, '' or `/t/{key}`. */
  base: string
  field(key: string): Field | undefined
  dictionary(key: string): Dictionary | undefined
}

/** The hosted page of a form: plain HTML that works without script; `form.js` adds live answers and the visit report. */
export function formPage(facts: PageFacts): string {
  const { form, lang, base } = facts
  const action = `${base}/intake/forms/${form.key}`
  return shell(facts, form.label[lang], `
    <form id="form" method="post" action="${escapeHtml(action)}" data-form="${escapeHtml(form.key)}" data-base="${escapeHtml(base)}" novalidate>
      <h1>${escapeHtml(form.label[lang])}</h1>
      ${form.intro ? `<p class="intro">${escapeHtml(form.intro[lang])}</p>` : ''}
      ${form.fields.map((asked) => question(facts, asked)).join('')}
      <div class="trap" aria-hidden="true"><label>${WORDS[lang].leaveEmpty}<input name="${escapeHtml(form.honeypot)}" tabindex="-1" autocomplete="off"></label></div>
      <label class="consent"><input type="checkbox" name="consent" value="true" required><span>${escapeHtml(form.consent.text[lang])}</span></label>
      <p id="problem" class="problem" role="alert" hidden></p>
      <button type="submit">${WORDS[lang].submit}</button>
    </form>
    <section id="thanks" hidden tabindex="-1"><h1>${WORDS[lang].thanks}</h1><p>${WORDS[lang].thanksMore}</p></section>
    ${materials(facts)}`)
}

/** Shown to browsers without script after the form was accepted. */
export const thanksPage = (facts: PageFacts): string => shell(facts, WORDS[facts.lang].thanks, `<section><h1>${WORDS[facts.lang].thanks}</h1><p>${WORDS[facts.lang].thanksMore}</p></section>`)

export const problemPage = (facts: PageFacts, sentence: string): string =>
  shell(facts, facts.form.label[facts.lang], `<section><h1>${escapeHtml(sentence)}</h1><p><a href="${escapeHtml(`${facts.base}/f/${facts.form.key}`)}">${WORDS[facts.lang].back}</a></p></section>`)

const shell = ({ lang, company, base }: PageFacts, title: string, body: string): string => `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} · ${escapeHtml(company)}</title><link rel="stylesheet" href="${escapeHtml(base)}/f/assets/form.css"><script type="module" src="${escapeHtml(base)}/f/assets/form.js"></script></head>
<body><header>${escapeHtml(company)}</header><main>${body}</main></body></html>`

const WORDS = {
  zh: { submit: '提交', thanks: '已收到，谢谢', thanksMore: '我们的顾问会尽快与你联系。', back: '返回填写', choose: '请选择', optional: '选填', leaveEmpty: '请留空', materials: '资料下载' },
  en: { submit: 'Send', thanks: 'Received, thank you', thanksMore: 'One of our consultants will contact you soon.', back: 'Back to the form', choose: 'Choose', optional: 'optional', leaveEmpty: 'Leave empty', materials: 'Downloads' },
} as const

type Asked = Form['fields'][number]

function question(facts: PageFacts, asked: Asked): string {
  const id = `q-${asked.name}`
  const hint = asked.required ? '' : ` <span class="optional">${WORDS[facts.lang].optional}</span>`
  return `<div class="question"><label for="${escapeHtml(id)}">${escapeHtml(asked.label[facts.lang])}${hint}</label>${control(facts, asked, id)}</div>`
}

function control(facts: PageFacts, asked: Asked, id: string): string {
  const field = facts.field(asked.field)
  const base = `id="${escapeHtml(id)}" name="${escapeHtml(asked.name)}"${asked.required ? ' required' : ''}`
  if (field?.kind === 'select' && field.dictionary) return choice(facts, field.dictionary, base)
  if (field?.kind === 'long') return `<textarea ${base} rows="3" maxlength="2000"></textarea>`
  return `<input ${base} ${INPUT[field?.kind ?? 'text'] ?? 'type="text"'} maxlength="200">`
}

const INPUT: Partial<Record<Field['kind'], string>> = {
  phone: 'type="tel" inputmode="tel" autocomplete="tel" placeholder="138 0013 8000"', email: 'type="email" autocomplete="email"', date: 'type="date"', url: 'type="url"', integer: 'type="text" inputmode="numeric"',
  region: 'type="text" autocomplete="address-level1"',
}

function choice(facts: PageFacts, dictionary: string, base: string): string {
  const options = facts.dictionary(dictionary)?.options.filter(({ off }) => !off) ?? []
  const item = ({ key, label }: (typeof options)[number]): string => `<option value="${escapeHtml(key)}">${escapeHtml(label[facts.lang])}</option>`
  const roots = options.filter(({ parent }) => !parent)
  const groups = roots.map((root) => { const under = options.filter(({ parent }) => parent === root.key); return under.length === 0 ? item(root) : `<optgroup label="${escapeHtml(root.label[facts.lang])}">${[root, ...under].map(item).join('')}</optgroup>` })
  return `<select ${base}><option value="">${WORDS[facts.lang].choose}</option>${groups.join('')}</select>`
}

function materials({ form, lang, base }: PageFacts): string {
  if (!form.materials?.length) return ''
  const link = ({ key, label }: { key: string; label: { zh: string; en: string } }): string => `<li><a href="${escapeHtml(`${base}/f/${form.key}/materials/${key}`)}" data-material="${escapeHtml(key)}" download>${escapeHtml(label[lang])}</a></li>`
  return `<aside><h2>${WORDS[lang].materials}</h2><ul>${form.materials.map(link).join('')}</ul></aside>`
}
