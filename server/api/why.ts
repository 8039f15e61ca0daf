import type { z } from 'zod'
import type { WhyShape } from '#contract/api'
import { type Context, lensOf, memberRows } from '#kernel/access'
import { decisionsOf, type DecisionView, tieOf } from '#kernel/assignment'
import { changesOf, type ChangeRow, systemActor, systemSaid } from '#kernel/changes'
import { getRecord } from '#kernel/records'
import { BASE_FIELDS } from '#language/definitions'
import { formatInstant, formatMoney, formatPhone, formatRegion } from '#language/values'
import { blamed, deedsOf, type Deeds, type Step, stepsOf } from './deeds.ts'
import { fallbackWords } from './fallback-words.ts'
import { hadBeenOtherwise } from './had-been.ts'
import { byIds } from './related.ts'
import { ruleSentence } from './rule-sentence.ts'
import { sourceName } from '#kernel/metadata'
import { iso } from './presenting.ts'

export type Why = z.infer<typeof WhyShape>
const REMEMBERED = 500

/**
 * Why a record is as it is: for each tag, its owner and every value that a rule wrote the change that did it, with the
 * rule as it reads today, the run, and for an owner the whole table of candidates. From the log, never by guessing.
 */
export async function why(ctx: Context, object: string, id: string): Promise<Why[]> {
  const record = await getRecord(ctx, object, id)
  const changes = await changesOf(ctx.tx, object, id, { limit: REMEMBERED })
  const teller = await tellerOf(ctx, object, await deedsOf(ctx.tx, changes))
  const tags = record.tags.flatMap((tag) => teller.tag(tag, changes) ?? [])
  const owner = await teller.owner(changes, await decisionsOf(ctx.tx, id))
  const values = teller.values(changes)
  const [messages, children] = [await messagesAbout(ctx, id, teller), await childrenOf(ctx, id, teller)]
  return [...owner, ...tags, ...values, ...messages, ...children]
}

type Teller = Awaited<ReturnType<typeof tellerOf>>

async function tellerOf(ctx: Context, object: string, deeds: Deeds) {
  const { metadata } = ctx
  const members = await memberRows(ctx.tx)
  const lens = lensOf(ctx, object)
  const sentences = new Map(await Promise.all([...metadata.rules.values()].map(async (rule) => [rule.key, (await ruleSentence(ctx, rule)).sentence] as const)))
  const name = (id: number) => members.get(id)?.name ?? String(id)

  const ruleOf = (change: ChangeRow, did: (step: Step) => boolean): Why['rule'] => {
    const key = blamed(deeds, change, did)
    const rule = key === undefined ? undefined : metadata.rules.get(key)
    return key === undefined ? null : { key, label: rule?.label ?? null, version: rule?.version ?? null, sentence: sentences.get(key) ?? null }
  }
  const actorOf = ({ actor }: ChangeRow): Why['actor'] => {
    if (actor.kind === 'member') return { kind: 'member', id: actor.id, name: name(actor.id) }
    if (actor.kind === 'rule') return { kind: 'rule', name: metadata.rules.get(actor.key)?.label[ctx.request?.lang ?? 'zh'] ?? actor.key }
    return actor.kind === 'source' ? { kind: 'source', name: sourceName(ctx.metadata, actor.form, ctx.request?.lang ?? 'zh') } : systemActor(actor.reason, ctx.request?.lang ?? 'zh')
  }
  const told = (change: ChangeRow, about: Why['about'], subject: string, did: Did): Why => {
    const rule = ruleOf(change, did.by)
    const actor = rule && change.actor.kind === 'rule' ? { kind: 'rule' as const, name: rule.label?.[ctx.request?.lang ?? 'zh'] ?? rule.key } : actorOf(change)
    const house = change.actor.kind === 'system' ? systemSaid(change.actor.reason) : null
    const because = rule ? { zh: `规则「${rule.label?.zh ?? rule.key}」`, en: `rule “${rule.label?.en ?? rule.key}”` } : (house ?? { zh: actor.name, en: actor.name })
    return {
      about, subject, at: iso(change.at), sentence: { zh: `${because.zh}${did.zh}`, en: `${because.en} ${did.en}` }, actor, rule,
      run: rule && change.cause.event !== undefined ? { event: change.cause.event, rule: rule.key } : null, change: change.seq, decision: null, link: null,
    }
  }
  const decided = async (decision: DecisionView): Promise<NonNullable<Why['decision']>> => ({
    otherwise: await hadBeenOtherwise(ctx, decision),
    no: decision.no, policy: decision.policy, reason: decision.reason, chosen: decision.chosen,
    tie: tieWords(tieOf(decision), name), fallback: fallbackWords(ctx, decision),
    candidates: decision.candidates.map(({ member, skill, region, load, open, limit, total, reason, completeness }) => ({
      member, name: name(member), score: total, parts: { skill, region, load }, open, limit, excluded: reason?.[ctx.request?.lang ?? 'zh'] ?? null, completeness: completeness ?? null, chosen: member === decision.chosen,
    })),
  })
  return {
    name, told,
    /** Runs behind changes of other records. */
    learn: async (changes: readonly ChangeRow[]) => { for (const [event, runs] of await deedsOf(ctx.tx, changes.filter(({ cause }) => !deeds.has(cause.event ?? -1)))) deeds.set(event, runs) },
    tag(tag: string, changes: readonly ChangeRow[]): Why | undefined {
      const number = metadata.tags.byKey.get(tag)?.id
      const has = (value: unknown) => Array.isArray(value) && (value.includes(tag) || value.includes(number))
      const change = changes.find(({ fields }) => has(fields['tags']?.[1]) && !has(fields['tags']?.[0]))
      return change && told(change, 'tag', tag, { zh: `打上标签【${tag}】`, en: `added the tag 【${tag}】`, by: ({ added }) => added?.includes(tag) ?? false })
    },
    async owner(changes: readonly ChangeRow[], decisions: readonly DecisionView[]): Promise<Why[]> {
      if (!lens.field('owner')) return []
      const change = changes.find(({ fields }) => fields['owner'] !== undefined)
      const last = decisions[0]
      if (!change) return last ? [undecided(last, await decided(last))] : []
      const owner = change.fields['owner']![1] as number | null
      const by = ({ do: what, chosen }: Step) => what === 'assign' && chosen === owner
      const numbered = stepsOf(deeds, change).find(by)?.decision
      const decision = decisions.find(({ no }) => no === numbered) ?? null
      const born = change.recordVersion === 1
      const did = owner === null ? { zh: '取消了负责人', en: 'took the owner away' } : born ? { zh: `新建时归${name(owner)}负责`, en: `created it for ${name(owner)}` } : { zh: `交给${name(owner)}负责`, en: `gave it to ${name(owner)}` }
      return [{ ...told(change, 'owner', owner === null ? '' : String(owner), { ...did, by }), decision: decision && (await decided(decision)) }]
    },
    values(changes: readonly ChangeRow[]): Why[] {
      const seen = new Set(['owner', 'tags', 'owner_team'])
      return changes.flatMap((change) => Object.entries(change.fields).flatMap(([key, [, after]]) => {
        if (seen.has(key)) return []
        seen.add(key)
        const byRule = change.actor.kind === 'rule' || change.cause.rule !== undefined
        if (!byRule || lens.field(key)?.read !== 'full') return []
        const grading = [...metadata.gradings.values()].find((each) => each.object === object && each.field === key)
        const by = (step: Step) => (step.do === 'grade' ? step.grading === grading?.key : step.values !== undefined && key in step.values)
        const reason = stepsOf(deeds, change).find((step) => step.do === 'grade' && by(step))?.reason
        const because = typeof reason === 'object' ? { zh: `：${reason.zh}`, en: `: ${reason.en}` } : { zh: '', en: '' }
        const [zh, en] = [valueWords(ctx, object, key, after, 'zh'), valueWords(ctx, object, key, after, 'en')]
        return [told(change, grading ? 'grade' : 'value', key, { zh: `把「${zh.label}」改为 ${zh.value}${because.zh}`, en: `set “${en.label}” to ${en.value}${because.en}`, by })]
      }))
    },
  }
}

function tieWords(tie: ReturnType<typeof tieOf>, name: (id: number) => string): NonNullable<Why['decision']>['tie'] {
  if (!tie) return null
  const others = { zh: tie.with.map(name).join('、'), en: tie.with.map(name).join(', ') }
  return tie.by === 'completeness' ? { zh: `和${others.zh}同分，自己名下的资料更完整，优先得到这条`, en: `Level with ${others.en}; keeps more complete records, and so comes first` }
    : { zh: `和${others.zh}同分，等得更久，轮到他`, en: `Level with ${others.en}; has waited longer` }
}

const undecided = (decision: DecisionView, table: NonNullable<Why['decision']>): Why => ({
  about: 'owner', subject: '', at: iso(decision.at), sentence: { zh: '没有人能承接，进入公海等待分配', en: 'Nobody could take it: it waits in the pool' },
  actor: { kind: 'rule', name: decision.policy }, rule: null, run: null, change: null, decision: table, link: null,
})

interface Did { zh: string; en: string; /** Is this the step of a run that did it? */ by(step: Step): boolean }

/** A field and its value as people call them. */
export function valueWords({ metadata, now, tenant }: Context, object: string, key: string, value: unknown, lang: 'zh' | 'en'): { label: string; value: string } {
  const field = metadata.objects.get(object)?.field.get(key)
  const base = BASE_FIELDS[key as keyof typeof BASE_FIELDS]
  const option = field?.dictionary && typeof value === 'string' ? metadata.dictionaries.get(field.dictionary)?.byKey.get(value)?.label[lang] : undefined
  const text = option ?? plainWords(field?.kind ?? base?.kind, value, { lang, now, zone: tenant.zone })
  return { label: field?.label[lang] ?? base?.label[lang] ?? key, value: text.slice(0, 120) }
}

function plainWords(kind: string | undefined, value: unknown, { lang, now, zone }: { lang: 'zh' | 'en'; now: Date; zone: string }): string {
  if (value === null || value === undefined) return { zh: '空', en: 'empty' }[lang]
  if (typeof value === 'boolean') return { zh: value ? '是' : '否', en: value ? 'yes' : 'no' }[lang]
  if (typeof value !== 'string') return JSON.stringify(value)
  switch (kind) {
    case 'datetime': return formatInstant(value, now, lang, zone)
    case 'money': return formatMoney(value, lang)
    case 'phone': return formatPhone(value)
    case 'region': return formatRegion(value, lang)
    default: return value
  }
}

/** Messages about this record: one's own in full, of others only that there was one. */
async function messagesAbout(ctx: Context, id: string, { name }: Teller): Promise<Why[]> {
  const rows = await ctx.tx.query<{ member: number; kind: string; title: string; at: Date; rule: string | null; event: number | null }>(
    `select member, kind, title, at, rule, event from {t}.notification where record = $1 order by id desc limit 50`, [id])
  const me = ctx.principal.kind === 'member' ? ctx.principal.member.id : null
  return rows.map(({ member, kind, title, at, rule, event }) => {
    const known = rule === null ? undefined : ctx.metadata.rules.get(rule)
    const what = member === me ? `「${title}」` : ''
    return {
      about: 'message', subject: kind, at: iso(at), sentence: { zh: `${known ? `规则「${known.label.zh}」` : '系统'}通知了${name(member)}${what}`, en: `${known ? `Rule “${known.label.en}”` : 'The system'} notified ${name(member)} ${what}`.trim() },
      actor: rule === null ? { kind: 'system', name: 'system' } : { kind: 'rule', name: known?.label[ctx.request?.lang ?? 'zh'] ?? rule },
      rule: rule === null ? null : { key: rule, label: known?.label ?? null, version: known?.version ?? null, sentence: null }, run: rule === null || event === null ? null : { event, rule }, change: null, decision: null, link: null,
    }
  })
}

/** Records that a rule made about this one (its tasks), as far as the reader sees them. */
async function childrenOf(ctx: Context, id: string, { told, learn }: Teller): Promise<Why[]> {
  const made = await ctx.tx.query<{ object: string; record: string }>(`select object, record from {t}.timeline where subject = $1 order by at desc limit 50`, [id])
  const found: Why[] = []
  for (const [object, rows] of Map.groupBy(made, (row) => row.object)) {
    const births = await ctx.tx.query<{ record: string }>(`select c.record from {t}.change c join {t}.act a on a.id = c.act where c.record = any($1::uuid[]) and c.record_version = 1 and (a.actor_kind = 'rule' or a.cause ? 'rule')`, [rows.map(({ record }) => record)])
    for (const { id: child, title } of await byIds(ctx, object, births.map(({ record }) => record))) {
      const birth = (await changesOf(ctx.tx, object, child, { limit: REMEMBERED })).at(-1)
      const label = ctx.metadata.objects.get(object)!.label
      if (!birth) continue
      await learn([birth])
      found.push({ ...told(birth, 'child', object, { zh: `建立了${label.zh}「${title}」`, en: `created the ${label.en} “${title}”`, by: ({ created }) => created === child }), link: { object, id: child } })
    }
  }
  return found
}
