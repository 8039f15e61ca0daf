import { ERRORS, refused, type ErrorEntry } from '#contract'
import type { SubmissionShape } from '#contract/api'
import { type Context, lensOf, memberRows } from '#kernel/access'
import { answersIn, correct, dismiss, type KeptSubmission, lockSubmission, reopen, submissionsBehind, submissionsOf, waitingSubmissions } from '#kernel/intake'
import { getRecord } from '#kernel/records'
import type { Form } from '#language/definitions'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

/** What came in by forms, as it came: what waits for a person, and what stands behind a record. */
export const submissions: Some<'submissions' | 'recordSubmissions' | 'correctSubmission' | 'dismissSubmission' | 'reopenSubmission'> = {
  submissions: async (ctx, { query: { status, limit, cursor } }) => {
    const forms = formsOf(ctx)
    const rows = await submissionsOf(ctx.tx, { status, forms, before: spotOf(cursor), limit: limit + 1 })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return { items: await present(ctx, page), next: rows.length > limit ? `${iso(last!.at)}~${last!.id}` : null, waiting: await waitingSubmissions(ctx.tx, forms) }
  },
  recordSubmissions: async (ctx, { params: { object, id } }) => {
    await getRecord(ctx, object, id.toLowerCase(), [])
    const forms = new Set(formsOf(ctx))
    return { items: await present(ctx, (await submissionsBehind(ctx.tx, object, id.toLowerCase())).filter(({ form }) => forms.has(form))) }
  },
  correctSubmission: async (ctx, { params, body: { answers } }, { api }) => {
    const kept = await waiting(ctx, params.id)
    const form = ctx.metadata.forms.get(kept.form)!
    const { id, status } = await correct(ctx, kept, { form, answers, ipRegion: await api.intake.regionOfIp(kept.ip) }, api.intake)
    return { object: form.object, id, status }
  },
  dismissSubmission: async (ctx, { params, body: { reason } }) => {
    await dismiss(ctx, await waiting(ctx, params.id), reason)
    return { done: true }
  },
  reopenSubmission: async (ctx, { params }) => {
    await reopen(ctx, await waiting(ctx, params.id))
    return { done: true }
  },
}

async function waiting(ctx: Context, id: string): Promise<KeptSubmission> {
  const kept = await lockSubmission(ctx.tx, id.toLowerCase())
  return formsOf(ctx).includes(kept.form) ? kept : refused('NOT_FOUND')
}

/** Forms of which this reader may see every answer: a body cannot be shown in parts. */
const formsOf = (ctx: Context): string[] => [...ctx.metadata.forms.values()].filter((form) => isOpen(ctx, form)).map(({ key }) => key)

function isOpen(ctx: Context, { object, fields, constants, context }: Form): boolean {
  const lens = lensOf(ctx, object)
  const written = [...fields.flatMap(({ field, upper }) => [field, ...(upper ? [upper] : [])]), ...Object.keys(constants), ...Object.values(context)]
  return lens.can('read') && written.every((key) => !ctx.metadata.objects.get(object)?.field.has(key) || lens.field(key))
}

function spotOf(cursor: string | undefined): { at: string; id: string } | null {
  if (cursor === undefined) return null
  const [at = '', id = ''] = cursor.split('~')
  return Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id) ? refused('CURSOR_INVALID', 'cursor') : { at, id }
}

async function present(ctx: Context, rows: readonly KeptSubmission[]): Promise<SubmissionShape[]> {
  const [members, titles] = [await memberRows(ctx.tx), await titlesOf(ctx, rows)]
  return rows.map((row) => {
    const form = ctx.metadata.forms.get(row.form)!
    const { id, object, at, status, body: raw, contentType, ip, agent, record, actor, settledAt, settledReason } = row
    return {
      id, object, at: iso(at), status, raw, contentType, ip, agent, form: { key: form.key, label: form.label }, reason: reasonOf(ctx, form, row), answers: answersOf(form, row),
      record: record !== null && titles.has(record) ? { object, id: record, title: titles.get(record)! } : null,
      settled: actor && settledAt ? { by: members.get(Number(actor.ref))?.name ?? actor.ref, at: iso(settledAt), reason: settledReason } : null,
    }
  })
}

async function titlesOf(ctx: Context, rows: readonly KeptSubmission[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>()
  for (const [object, some] of Map.groupBy(rows.filter(({ record }) => record !== null), (row) => row.object))
    for (const { id, title } of await byIds(ctx, object, [...new Set(some.map(({ record }) => record!))])) titles.set(id, title)
  return titles
}

const written = (given: unknown): string => (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? String(given) : '')

function answersOf(form: Form, row: KeptSubmission): SubmissionShape['answers'] {
  const said = answersIn(row)
  const why = row.reason ?? ''
  return form.fields.map(({ name, label, field, required }) => {
    const value = written(said[name])
    const wrong = row.status === 'quarantined' && (why.endsWith(` ${field}`) || why.includes(`${name}: `) || (field === form.identity.field && value !== '' && why.startsWith(value.slice(0, 60))))
    return { name, label, required: required === true, value, wrong }
  })
}

/** The log of intake keeps codes; people read sentences. */
function reasonOf({ metadata }: Context, form: Form, { reason, status }: KeptSubmission): SubmissionShape['reason'] {
  if (reason === null) return null
  if (reason === 'honeypot') return { zh: '隐藏的输入框被填写，像是机器提交', en: 'The hidden box was filled: it looks like a machine' }
  const [code = '', path = ''] = reason.split(' ')
  const entry = (ERRORS as Record<string, ErrorEntry>)[code]
  const label = metadata.objects.get(form.object)?.field.get(path.replace(/^values\./, ''))?.label ?? { zh: path, en: path }
  if (entry) return { zh: filled(entry.zh, label.zh), en: filled(entry.en, label.en) }
  if (status !== 'quarantined') return { zh: `没有采用：${reason}`, en: `Set aside: ${reason}` }
  const given = reason.replace(/: [a-z_]+$/, '')
  return form.identity.kind === 'phone' ? { zh: `「${given}」不是能拨通的电话号码`, en: `“${given}” is not a phone number that can be called` } : { zh: `「${given}」不是有效的邮箱`, en: `“${given}” is not an e-mail address` }
}

/** A sentence whose other blanks are not known any more. */
const filled = (sentence: string, field: string): string => sentence.replaceAll('{field}', field).replaceAll(/[：:]? ?\{\w+\}/g, '')
