import type { PersonCopy } from '#kernel/erasure'
import { escapeHtml } from '#platform/http'

const WORDS = {
  zh: { title: '个人信息副本', of: '提供方', made: '生成时间', submissions: '原始提交', consents: '同意记录', files: '附件', drafts: '未发出的草稿', nothing: '没有内容', form: '表单' },
  en: { title: 'Copy of personal data', of: 'Provided by', made: 'Made', submissions: 'Submissions as they came', consents: 'Consents', files: 'Files', drafts: 'Unsent drafts', nothing: 'Nothing', form: 'Form' },
} as const

/** The copy as a page that opens anywhere: no script, nothing from elsewhere. */
export function pageOf({ title, company, at, sections, submissions, consents, drafts, files }: PersonCopy, lang: 'zh' | 'en'): string {
  const words = WORDS[lang]
  const table = (rows: readonly (readonly [string, string])[]) => `<table>${rows.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('')}</table>`
  const section = (name: string, inside: string) => `<section><h2>${escapeHtml(name)}</h2>${inside || `<p>${words.nothing}</p>`}</section>`
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.title} · ${escapeHtml(title)}</title><style>${STYLE}</style>
<h1>${words.title} · ${escapeHtml(title)}</h1><p>${words.of} ${escapeHtml(company)} · ${words.made} ${at.toISOString()}</p>
${sections.map(({ label, records }) => section(`${label}（${records.length}）`, records.map((record) => `<h3>${escapeHtml(record.title)}</h3>${table(record.fields.map(({ label: name, text }) => [name, text]))}`).join(''))).join('\n')}
${submissions.length > 0 ? section(words.submissions, submissions.map((each) => `<h3>${each.at.toISOString()} · ${words.form} ${escapeHtml(each.form)}</h3><pre>${escapeHtml(each.body)}</pre>`).join('')) : ''}
${consents.length > 0 ? section(words.consents, table(consents.map((each) => [each.at.toISOString(), `${each.purpose}（${each.version}）`]))) : ''}
${drafts.length > 0 ? section(words.drafts, table(drafts.map((each) => [each.at.toISOString(), each.text]))) : ''}
${files.length > 0 ? section(words.files, table(files.map((each) => [each.name, `${each.type} · ${each.bytes} B`]))) : ''}</html>`
}
const STYLE = 'body{font:15px/1.6 "PingFang SC","Microsoft YaHei",system-ui,sans-serif;max-width:820px;margin:32px auto;padding:0 16px;color:#222}h2{margin-top:32px;border-bottom:1px solid #ddd}h3{font-size:15px;margin:16px 0 4px}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #eee}th{width:180px;font-weight:400;color:#666}pre{white-space:pre-wrap;background:#f6f6f4;padding:8px;overflow-wrap:anywhere}'
