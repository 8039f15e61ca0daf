import { type ErrorCode, ERRORS, filled, refused } from '#contract'
import type { ExportShape } from '#contract/api'
import { lensOf, may, memberContext, type Context } from '#kernel/access'
import { endJob, enterJob, type ExportEntry, type ExportFormat, type ExportPlan, exportsOf, KEPT_DAYS, keptExport, logHandout, MOST_IN_BACKGROUND, noteTaken, openExport, planExport, traceRows } from '#kernel/handout'
import { limiter } from '#platform/http'
import { dayOf } from '#language/values'
import { iso } from './presenting.ts'
import { sendFileAs } from './sending.ts'
import type { Some } from './types.ts'

/** However it leaves. */
export const exports = limiter('exports', { points: 30, seconds: 600 })
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', pdf: 'application/pdf' }
const DAY_MS = 86_400_000

/** What the log keeps of an export. */
export const exportFacts = (ctx: Context, { object, rows, fields, query }: ExportPlan, { no, format }: { no: number; format: ExportFormat }) =>
  ({ number: `E${no}`, object: ctx.metadata.objects.get(object)!.label.zh, format, rows, columns: fields.map((field) => field.label.zh).join('、'), filter: query.filter ?? query.search ?? null })

export const exportJobs: Some<'startExport' | 'exports' | 'stopExport' | 'exportFile' | 'traceExport'> = {
  startExport: async (ctx, { params: { object }, body: { format, sort, ...given } }, { tenant, signedIn, facts }) => {
    await exports.take(`${tenant.id}:${signedIn!.member}`)
    const query = { ...given, ...(sort && { sort: sort.split(',').filter(Boolean).map((key) => (key.startsWith('-') ? { field: key.slice(1), direction: 'desc' as const } : { field: key, direction: 'asc' as const })) }) }
    const plan = await planExport(ctx, object, query, MOST_IN_BACKGROUND)
    const opened = await openExport(ctx, plan, format)
    await logHandout(ctx, 'export', exportFacts(ctx, plan, { no: opened.no, format }))
    const name = `${ctx.metadata.objects.get(object)!.label[facts.lang]} ${dayOf(ctx.now.getTime(), tenant.zone)}.${format}`
    await enterJob(ctx.tx, { no: opened.no, query, name, mark: opened.mark, facts: { id: facts.id, ip: facts.ip, agent: facts.agent, lang: facts.lang } })
    return { no: opened.no }
  },
  exports: async (ctx, { query: { whose, before, limit } }, { signedIn }) => {
    if (whose === 'all' && !may(ctx, 'audit')) refused('FORBIDDEN')
    const items = await exportsOf(ctx.tx, { member: whose === 'mine' ? signedIn!.member : null, before, limit })
    return { items: items.map((each) => presented(each, { reader: signedIn!.member, lang: ctx.request?.lang ?? 'zh' })) }
  },
  stopExport: async (ctx, { params: { no } }, { signedIn }) => ({ stopped: await endJob(ctx.tx, no, { state: 'cancelled', member: signedIn!.member }) }),
  exportFile: { open: async ({ api, tenant, signedIn, facts, reply }, { params: { no } }) => {
    const { found, content } = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      const found = (await keptExport(tx, no, signedIn!.member)) ?? refused('EXPORT_GONE')
      if (!lensOf(ctx, found.object).can('export')) refused('FORBIDDEN')
      const content = (await api.files.store.read(tenant.key, found.sha256)) ?? refused('EXPORT_GONE')
      await noteTaken(tx, no)
      await logHandout(ctx, 'export', { number: `E${no}`, object: ctx.metadata.objects.get(found.object)!.label.zh, format: found.format, taken: found.name })
      return { found, content }
    })
    await sendFileAs(reply, { name: found.name, type: EXPORT_TYPES[found.format] }, content)
    return undefined
  } },
  traceExport: async (ctx, { body: { rows } }) => {
    const suspects = await traceRows(ctx.tx, rows)
    await logHandout(ctx, 'tracing', { rows: rows.length, exports: suspects.map(({ no }) => `E${no}`).join('、') || null })
    return { suspects: suspects.map(({ at, name, ...each }) => ({ ...each, at: iso(at), name: name ?? `#${each.member}` })) }
  },
}

/** To whoever asked, this is not about signing in. */
const SUSPENDED = { zh: '账号已停用', en: 'The account was suspended' }
const troubleOf = (code: string, lang: 'zh' | 'en'): string => (code === 'SIGN_IN_REQUIRED' ? SUSPENDED[lang] : filled((ERRORS[code as ErrorCode] ?? ERRORS.INTERNAL)[lang]))

function presented({ job, at, ...entry }: ExportEntry, { reader, lang }: { reader: number; lang: 'zh' | 'en' }): ExportShape {
  const { state = 'left', done = entry.rows, bytes = null, taken = 1, trouble = null, endedAt = null } = job ?? {}
  const until = state === 'done' && endedAt ? iso(new Date(endedAt.getTime() + KEPT_DAYS * DAY_MS)) : null
  return { ...entry, at: iso(at), mine: entry.member === reader, state, done, bytes, taken, trouble: trouble === null ? null : troubleOf(trouble, lang), until }
}
