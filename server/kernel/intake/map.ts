import { parsePhone, parseRange, parseDecimal, parseRegion, cleanText } from '#language/values'
import type { Field, Form } from '#language/definitions'
import type { Metadata, ObjectMetadata } from '#kernel/metadata'
import type { Values } from '#kernel/records'
import type { Submission } from './types.ts'

/** What a submission says once it is cleaned; `problems` are values that were set aside, kept only in the raw payload. */
export interface Mapped {
  values: Values
  identity: { kind: 'phone' | 'email'; value: string } | null
  /** Why no identity could be read, when something was given. */
  identityProblem: string | null
  missing: string[]
  problems: { name: string; reason: string }[]
  /** Names under which the sender's browser is known: of the page, and of a tracking link. */
  visitors: string[]
  /** Filled by a machine: the hidden field has content. */
  trapped: boolean
}

/** Read a submission by its form: pure, no I/O. Unknown names stay in the raw payload only. */
export function mapSubmission(metadata: Metadata, { form, body, ipRegion, lang }: Submission, now: Date): Mapped {
  const object = metadata.objects.get(form.object)!
  const mapped: Mapped = { values: {}, identity: null, identityProblem: null, missing: [], problems: [], visitors: visitorsOf(body), trapped: text(body[form.honeypot]) !== '' }
  for (const asked of form.fields) readAnswer(metadata, object, form, asked, body[asked.name], mapped, lang)
  Object.assign(mapped.values, form.constants, contextValues(form, object, body, ipRegion), consented(body) ? consentValues(form, object, now) : {})
  return mapped
}

type Asked = Form['fields'][number]

function readAnswer(metadata: Metadata, object: ObjectMetadata, form: Form, asked: Asked, given: unknown, mapped: Mapped, lang: 'zh' | 'en'): void {
  const written = text(given)
  if (written === '') { if (asked.required) mapped.missing.push(asked.label[lang]); return }
  const field = object.field.get(asked.field)
  if (!field) return
  const read = asked.upper ? readRange(asked, asked.upper, written) : readField(metadata, field, written)
  if (read.ok) Object.assign(mapped.values, read.values)
  if (asked.field === form.identity.field) takeIdentity(form, read, written, mapped)
  else if (!read.ok) mapped.problems.push({ name: asked.name, reason: read.reason })
}

export type Read = { ok: true; values: Values } | { ok: false; reason: string }

function takeIdentity(form: Form, read: Read, written: string, mapped: Mapped): void {
  if (read.ok) mapped.identity = { kind: form.identity.kind, value: String(read.values[form.identity.field]) }
  else mapped.identityProblem = `${written.slice(0, 60)}: ${read.reason}`
}

function readRange(asked: Asked, upper: string, written: string): Read {
  const range = parseRange(written)
  if (!range.ok) return range
  return { ok: true, values: { ...(range.low === null ? {} : { [asked.field]: range.low }), ...(range.high === null ? {} : { [upper]: range.high }) } }
}

export function readField(metadata: Metadata, field: Field, written: string): Read {
  const one = (value: unknown): Read => ({ ok: true, values: { [field.key]: value } })
  switch (field.kind) {
    case 'phone': { const phone = parsePhone(written); return phone.ok ? one(phone.e164) : phone }
    case 'money': case 'decimal': case 'percent': { const number = parseDecimal(written); return number.ok ? one(number.value) : number }
    case 'region': { const region = parseRegion(written); return region.ok ? one(region.code) : region }
    case 'integer': return /^-?\d{1,15}$/.test(written) ? one(Number(written)) : { ok: false, reason: 'not_a_number' }
    case 'boolean': return one(/^(true|1|on|yes|是)$/i.test(written))
    case 'select': return readOption(metadata, field, written)
    case 'email': return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(written) ? one(written.toLowerCase()) : { ok: false, reason: 'not_an_email' }
    default: return one(written.slice(0, field.max ?? 2000))
  }
}

/** People and other systems write the words, not the keys: 「MES系统」 finds its option. */
function readOption(metadata: Metadata, field: Field, written: string): Read {
  const dictionary = metadata.dictionaries.get(field.dictionary ?? '')
  const option = dictionary?.options.find(({ key, label, off }) => !off && (key === written || label.zh === written || label.en.toLowerCase() === written.toLowerCase()))
  return option ? { ok: true, values: { [field.key]: option.key } } : { ok: false, reason: 'unknown_option' }
}

/** Names under which a page says where the visitor came from; a hosted form sends them with underscores in front. */
const CONTEXT = {
  pageUrl: ['_page_url', 'page_url', 'pageUrl'], referrer: ['_referrer', 'referrer'],
  utmSource: ['utm_source', '_utm_source'], utmMedium: ['utm_medium', '_utm_medium'], utmCampaign: ['utm_campaign', '_utm_campaign'],
  utmContent: ['utm_content', '_utm_content'], utmTerm: ['utm_term', '_utm_term'],
} as const

function contextValues(form: Form, object: ObjectMetadata, body: Readonly<Record<string, unknown>>, ipRegion: string | null): Values {
  const values: Values = {}
  for (const [part, names] of Object.entries(CONTEXT) as [keyof typeof CONTEXT, readonly string[]][]) {
    const field = form.context[part]
    const given = names.map((name) => text(body[name])).find((written) => written !== '')
    if (field && given && object.field.has(field)) values[field] = given.slice(0, 2000)
  }
  if (form.context.ipRegion && ipRegion) values[form.context.ipRegion] = ipRegion
  return values
}

const consentValues = (form: Form, object: ObjectMetadata, now: Date): Values => ({
  ...(form.context.consent && object.field.has(form.context.consent) ? { [form.context.consent]: true } : {}),
  ...(form.context.consentAt && object.field.has(form.context.consentAt) ? { [form.context.consentAt]: now.toISOString() } : {}),
})

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const visitorsOf = (body: Readonly<Record<string, unknown>>): string[] => {
  const given = [body['_visitor'] ?? body['visitor'], body['_visit'] ?? body['nm_visit']].map((each) => text(each).toLowerCase())
  return [...new Set(given.filter((each) => UUID.test(each)))]
}

/** The hosted page requires the tick; a system that posts for a person sends `consent: true` when it has it. Without it nothing is claimed. */
export const consented = (body: Readonly<Record<string, unknown>>): boolean => /^(true|1|on|yes|是|同意)$/i.test(text(body['consent'] ?? body['_consent']))

export function text(given: unknown): string {
  if (typeof given === 'number' && Number.isFinite(given)) return String(given)
  if (typeof given === 'boolean') return String(given)
  return typeof given === 'string' ? cleanText(given) : ''
}
