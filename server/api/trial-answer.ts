import type { TrialAnswer } from '#contract/api'
import { type Context, lensOf, memberRows } from '#kernel/access'
import { systemActor } from '#kernel/changes'
import { byRecord, MOST_TOLD, type Actual, type Apart, type EffectKind, type Trial, type TrialAsk } from '#kernel/replay'
import { ruleLabel, sourceName } from '#kernel/metadata'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import { namesOf } from './words.ts'

const FACTS = 12
/** In the order in which a person asks. */
const KINDS = ['tag', 'untag', 'owner', 'nobody', 'create', 'set', 'grade', 'update', 'notify', 'message', 'webhook'] as const

/** What a replay found, as this reader may see it: totals of everything, titles and facts of the records that are theirs to see. */
export async function presentTrial(ctx: Context, trial: Trial, { draft, days }: TrialAsk): Promise<TrialAnswer> {
  const { from, to, read, records, answered, ms, effects, runs, words, decided, pushes } = trial
  const fired = (course: 'now' | 'asIf') => runs[course].get(`${draft.key} done`) ?? 0
  const apart = byRecord(trial.apart)
  return {
    from: iso(from), to: iso(to), days, read, records, ms: Math.round(ms), answered,
    kinds: await kindsOf(ctx, trial),
    fired: draft.kind === 'rule' ? { now: fired('now'), asIf: fired('asIf') } : null,
    words, decided, pushes,
    members: await membersOf(ctx, { effects, loads: trial.loads }),
    total: apart.length,
    rows: await rowsOf(ctx, apart.slice(0, MOST_TOLD), trial),
  }
}

async function kindsOf({ tx }: Context, { effects, from }: Trial): Promise<TrialAnswer['kinds']> {
  const kept = await tx.query<{ what: string; times: number }>(ACTUAL, [from])
  const actual = new Map(kept.map(({ what, times }) => [what, times]))
  const all = KINDS.map((what) => ({ what, now: effects.now.get(what) ?? 0, asIf: effects.asIf.get(what) ?? 0, actual: actual.get(what) ?? (what === 'message' ? null : 0) }))
  return all.filter(({ now, asIf, actual: times }) => now + asIf + (times ?? 0) > 0)
}

/** Counted as the effects of a replay are: a tag each, a member told each. */
const ACTUAL = `select what, sum(times)::int as times from {t}.run cross join lateral jsonb_array_elements(steps) s cross join lateral (
    select 'tag' as what, jsonb_array_length(coalesce(s->'added', '[]')) as times where s->>'do' = 'tag'
    union all select 'untag', jsonb_array_length(coalesce(s->'removed', '[]')) where s->>'do' = 'tag'
    union all select case when s->>'why' = 'nobody' then 'nobody' else 'owner' end, 1 where s->>'do' = 'assign' and coalesce(s->>'why', 'nobody') = 'nobody'
    union all select case k when 'owner' then 'owner' else 'set' end, 1 from jsonb_object_keys(case when s->>'do' = 'set' then coalesce(s->'values', '{}') else '{}' end) k
    union all select case s->>'do' when 'updateChildren' then 'update' else s->>'do' end, 1 where s->>'do' in ('grade', 'create', 'updateChildren', 'webhook') and s->>'why' is null
    union all select 'notify', jsonb_array_length(coalesce(s->'to', '[]')) where s->>'do' = 'notify') each
  where started_at >= $1 group by what`

async function membersOf(ctx: Context, { effects, loads }: Pick<Trial, 'effects' | 'loads'>): Promise<TrialAnswer['members']> {
  const all = [...(await memberRows(ctx.tx)).values()].filter(({ active }) => active).map(({ id }) => {
    const both = (what: EffectKind) => ({ now: effects.now.get(`${what} ${id}`) ?? 0, asIf: effects.asIf.get(`${what} ${id}`) ?? 0 })
    const open = (course: Trial['loads']['now']) => [...course].filter(([key]) => key.endsWith(` ${id}`)).reduce((sum, [, held]) => sum + held, 0)
    return { id, messages: both('notify'), assigned: both('owner'), open: { now: open(loads.now), asIf: open(loads.asIf) } }
  })
  const moved = ({ messages, assigned, open }: TrialAnswer['members'][number]) => [messages, assigned, open].reduce((sum, { now, asIf }) => sum + Math.abs(asIf - now), 0)
  return all.filter(({ messages, assigned }) => messages.now + messages.asIf + assigned.now + assigned.asIf > 0).sort((a, b) => moved(b) - moved(a))
}

async function rowsOf(ctx: Context, records: readonly (readonly [string, readonly Apart[]])[], { actual, made }: Pick<Trial, 'actual' | 'made'>): Promise<TrialAnswer['rows']> {
  const titles = new Map<string, string>()
  for (const [object, same] of Map.groupBy(records, ([, [first]]) => first!.object)) for (const { id, title } of await byIds(ctx, object, same.map(([id]) => id))) titles.set(id, title)
  const say = await speaker(ctx)
  return records.map(([record, apart]) => {
    const { object } = apart[0]!
    const seen = titles.has(record)
    return {
      object, record, title: titles.get(record) ?? null, made: made.has(record),
      apart: apart.map(({ what, rule, now, asIf, ...each }) => ({ what, rule, detail: seen ? say.detail({ what, ...each }) : NOTHING, now: instant(now), asIf: instant(asIf) })),
      actual: seen ? (actual.get(record) ?? []).flatMap((fact) => say.fact(object, fact)).slice(0, FACTS) : [],
    }
  })
}

const NOTHING = { zh: '', en: '' }
const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** Effects and facts in words, fields as far as the reader may see them. */
async function speaker(ctx: Context) {
  const [zh, en, members] = [await namesOf(ctx, 'zh'), await namesOf(ctx, 'en'), await memberRows(ctx.tx)]
  const { metadata } = ctx
  const both = (name: (of: typeof zh) => string | undefined, other: string) => ({ zh: name(zh) ?? other, en: name(en) ?? other })
  const member = (id: number | string | null) => { const name = members.get(Number(id))?.name ?? String(id); return { zh: name, en: name } }
  const actorOf = ({ actor }: Actual) => {
    if (actor.kind === 'member') return { kind: actor.kind, id: actor.id, name: member(actor.id).zh }
    if (actor.kind === 'rule') return { kind: actor.kind, name: ruleLabel(metadata, actor.key)?.[ctx.request?.lang ?? 'zh'] ?? actor.key }
    return actor.kind === 'source' ? { kind: actor.kind, name: sourceName(metadata, actor.form, ctx.request?.lang ?? 'zh') } : systemActor(actor.reason, ctx.request?.lang ?? 'zh')
  }
  return {
    detail({ what, object, detail }: Pick<Apart, 'what' | 'object' | 'detail'>) {
      switch (what) {
        case 'tag': case 'untag': return both(({ tag }) => tag?.(detail), detail)
        case 'owner': case 'notify': return member(detail)
        case 'unanswered': return { zh: detail.split(',').map((id) => member(id).zh).join('、'), en: detail.split(',').map((id) => member(id).en).join(', ') }
        case 'set': return both(({ field }) => field?.(object, detail), detail)
        case 'grade': return gradeWords(ctx, object, detail)
        case 'create': case 'update': return both((names) => names.object?.(detail), detail)
        case 'nobody': return metadata.assignmentPolicies.get(detail)?.label ?? { zh: detail, en: detail }
        default: return { zh: detail, en: detail }
      }
    },
    fact(object: string, fact: Actual): TrialAnswer['rows'][number]['actual'] {
      const lens = lensOf(ctx, object)
      const tags = lens.field('tags') ? [...fact.tags.added.map((id) => [id, '打上', 'tagged'] as const), ...fact.tags.removed.map((id) => [id, '去掉', 'untagged'] as const)] : []
      const said = [
        ...(fact.born ? [{ zh: '进来', en: 'came in' }] : []),
        ...tags.map(([id, zhWord, enWord]) => { const tag = metadata.tags.byId.get(id)?.label; return { zh: `${zhWord}【${tag?.zh ?? id}】`, en: `${enWord} ${tag?.en ?? id}` } }),
        ...(fact.owner && lens.field('owner') ? [{ zh: `交给${member(fact.owner).zh}`, en: `given to ${member(fact.owner).zh}` }] : []),
        ...(fact.about && lensOf(ctx, fact.about.object).can('read') ? [{ zh: `新增${zh.object?.(fact.about.object) ?? ''}`, en: `${en.object?.(fact.about.object) ?? ''} added` }] : []),
      ]
      return said.map((each) => ({ at: iso(fact.at), actor: actorOf(fact), said: each }))
    },
  }
}

function gradeWords({ metadata }: Context, object: string, value: string): { zh: string; en: string } {
  const grading = [...metadata.gradings.values()].find((each) => each.object === object)
  const dictionary = metadata.objects.get(object)?.field.get(grading?.field ?? '')?.dictionary
  return metadata.dictionaries.get(dictionary ?? '')?.byKey.get(value)?.label ?? { zh: value, en: value }
}
