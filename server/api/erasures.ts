import { refused } from '#contract'
import { lensOf, memberContext, memberRows, type Context } from '#kernel/access'
import { askErasure, copyOfPerson, decideErasure, type Erasure, erasureAt, erasures as erasuresOf, maySeeErasures, mayDecideErasure, type PersonCopy, planErasure, type RecordRef, withdrawErasure } from '#kernel/erasure'
import { logHandout } from '#kernel/handout'
import { getRecords } from '#kernel/records'
import { zipOf } from '#platform/files'
import { limiter } from '#platform/http'
import { dayOf } from '#language/values'
import { pageOf } from './person-page.ts'
import { iso } from './presenting.ts'
import { sendFileAs } from './sending.ts'
import type { Api, Some } from './types.ts'

const copies = limiter('personal copies', { points: 20, seconds: 600 })
/** Larger contents are named in the copy and handed over by hand. */
const MOST_BYTES = 200 * 1024 * 1024

export const erasures: Some<'planErasure' | 'personalCopy' | 'erasures' | 'erasure' | 'askErasure' | 'decideErasure' | 'withdrawErasure'> = {
  planErasure: async (ctx, { params: { object, id }, body }) => {
    const { candidates, ...plan } = await planErasure(ctx, { object, id: id.toLowerCase() }, body.records?.map(lower))
    const label = (of: string, field: string) => ctx.metadata.objects.get(of)!.field.get(field)?.label ?? { zh: field, en: field }
    return { ...plan, candidates: candidates.map((each) => ({ ...each, label: ctx.metadata.objects.get(each.object)!.label, shared: each.shared.map((field) => label(each.object, field)) })) }
  },
  personalCopy: { open: async ({ api, tenant, signedIn, facts, reply, request }, { params: { object, id } }) => {
    await copies.take(`${tenant.id}:${signedIn!.member}`)
    const copy = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      if (ctx.principal.kind !== 'member' || !ctx.principal.member.rights.has('personal')) refused('FORBIDDEN')
      const made = await copyOfPerson(ctx, { object, id: id.toLowerCase() })
      await logHandout(ctx, 'copy', { object: ctx.metadata.objects.get(object)!.label.zh, record: id.toLowerCase(), rows: made.sections.reduce((sum, { records }) => sum + records.length, 0), files: made.files.length })
      return made
    })
    const name = `${request.lang === 'en' ? 'Personal data' : '个人信息副本'} ${dayOf(copy.at.getTime(), tenant.zone)}`
    await sendFileAs(reply, { name: `${name}.zip`, type: 'application/zip' }, zipOf(await partsOf(api, tenant.key, { copy, lang: request.lang })))
    return undefined
  } },
  erasures: async (ctx) => {
    if (!maySeeErasures(ctx)) refused('FORBIDDEN')
    const all = await erasuresOf(ctx)
    const titles = await titlesOf(ctx, all)
    return { items: await Promise.all(all.map((each) => view(ctx, each, titles))) }
  },
  erasure: async (ctx, { params }) => {
    if (!maySeeErasures(ctx)) refused('NOT_FOUND')
    const erasure = await erasureAt(ctx.tx, params.id.toLowerCase())
    const titles = await titlesOf(ctx, [...erasure.records])
    const plan = erasure.state === 'waiting' ? (await planErasure(ctx, erasure, erasure.records).catch(() => null))?.counts ?? null : null
    return { ...(await view(ctx, erasure, titles)), plan, records: erasure.records.map(({ object, id }) => ({ object, id, label: ctx.metadata.objects.get(object)?.label ?? { zh: object, en: object }, title: titles.get(id) ?? null })) }
  },
  askErasure: async (ctx, { body }) => {
    const erasure = await askErasure(ctx, { ...body, id: body.id.toLowerCase(), records: body.records.map(lower) })
    return { erasure: await view(ctx, erasure, new Map()) }
  },
  decideErasure: async (ctx, { params, body }) => ({ erasure: await view(ctx, await decideErasure(ctx, params.id.toLowerCase(), body), new Map()) }),
  withdrawErasure: async (ctx, { params }) => ({ erasure: await view(ctx, await withdrawErasure(ctx, params.id.toLowerCase()), new Map()) }),
}

const lower = ({ object, id }: RecordRef): RecordRef => ({ object, id: id.toLowerCase() })

/** What they are called, as far as this reader sees them. */
async function titlesOf(ctx: Context, records: readonly RecordRef[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [object, same] of Map.groupBy(records, (each) => each.object)) {
    if (!ctx.metadata.objects.has(object) || !lensOf(ctx, object).can('read')) continue
    for (const { id, title } of await getRecords(ctx, object, same.map(({ id }) => id))) found.set(id, title)
  }
  return found
}

async function view(ctx: Context, each: Erasure, titles: ReadonlyMap<string, string>) {
  const { no, object, id, records, everywhere, state, askedBy, askedAt, ip, reason, decidedBy, decidedAt, decision, doneAt, act, counts, trouble } = each
  const members = await memberRows(ctx.tx)
  const name = (member: number) => members.get(member)?.name ?? `#${member}`
  const own = ctx.actor.kind === 'member' && ctx.actor.id === askedBy
  return {
    id: no, object, label: ctx.metadata.objects.get(object)?.label ?? { zh: object, en: object }, record: id, title: titles.get(id) ?? null, n: records.length, everywhere, state,
    askedBy: { id: askedBy, name: name(askedBy) }, askedAt: iso(askedAt), ip, reason, decidedBy: decidedBy === null ? null : name(decidedBy), decidedAt: decidedAt && iso(decidedAt), decision, doneAt: doneAt && iso(doneAt), act, counts, trouble,
    can: { decide: state === 'waiting' && mayDecideErasure(ctx, each), withdraw: state === 'waiting' && own },
  }
}

async function partsOf({ files: { store } }: Api, tenant: string, { copy, lang }: { copy: PersonCopy; lang: 'zh' | 'en' }): Promise<{ name: string; content: string | Buffer }[]> {
  const parts: { name: string; content: string | Buffer }[] = [
    { name: lang === 'zh' ? '个人信息副本.html' : 'personal-data.html', content: pageOf(copy, lang) },
    { name: 'data.json', content: JSON.stringify({ ...copy, files: copy.files.map(({ id, name, type, bytes }) => ({ id, name, type, bytes })) }, null, 1) },
  ]
  let bytes = 0
  for (const file of copy.files) {
    bytes += file.bytes
    if (bytes > MOST_BYTES) break
    const stream = await store.read(tenant, file.sha256)
    if (stream) parts.push({ name: `files/${file.id.slice(-6)}-${file.name.replace(/[/\\]/g, '_')}`, content: Buffer.concat(await stream.toArray() as Buffer[]) })
  }
  return parts
}
