import { refuse, Refused, type Refusal } from '#contract'
import type { Context } from '#kernel/access'
import { houseReason } from '#kernel/changes'
import { type DefinitionState, type Draft, type DraftRefusal, type PublishAllResult, publishAll } from '#kernel/metadata'
import { recountLoads } from '#kernel/records'
import type { ConfigurationFile, DefinitionKind } from '#language/definitions'
import { type BroughtPlan, idOf } from './bring-in.ts'

/** One time that a configuration was brought in: by whom, from where, how much; and whether it was taken back. */
export interface ConfigurationImport { id: number; at: Date; member: number | null; name: string; from: string; exportedAt: string; n: number; undoneAt: Date | null; undoneBy: number | null }

/** Publishes what the plan would, in one act that says where it came from, and keeps the file as what the next one is compared with. */
export async function bringIn(ctx: Context, plan: BroughtPlan, { file, name }: { file: ConfigurationFile; name: string }): Promise<{ id: number; n: number; building: string[] }> {
  const drafts = plan.items.flatMap(({ draft }) => draft ?? [])
  const result = settled(await publishAll({ ...ctx, reason: houseReason(['configuration_imported', name, file.from.name]) }, drafts))
  await recountLoads(ctx, ctx.metadata)
  const n = result.published.filter(({ changed }) => changed).length
  const [made] = await ctx.tx.query<{ id: number }>(`insert into {t}.configuration_import (act, at, member, name, workspace, n, file) values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [result.act, ctx.now, memberIn(ctx), name, file.from.workspace, n, JSON.stringify({ ...file, definitions: settledIn(plan, file) })])
  return { id: made!.id, n, building: result.building }
}

/** What was settled: what was left out or could not be brought in is looked at afresh the next time. */
function settledIn({ items }: BroughtPlan, { definitions }: ConfigurationFile): ConfigurationFile['definitions'] {
  const open = new Set(items.filter(({ draft, standing }) => draft === null && standing !== 'same' && standing !== 'keep').map(idOf))
  const stays = (of: string) => items.filter(({ kind, standing, draft }) => kind === of && standing === 'lost' && draft === null).map(({ mine }) => mine as { key: string })
  return Object.fromEntries(Object.entries(definitions).map(([kind, bodies]) => [kind, [...bodies.filter(({ key }) => !open.has(idOf({ kind, key }))), ...stays(kind)]]))
}

/** Past imports, newest first. */
export const configurationImports = ({ tx }: Context): Promise<ConfigurationImport[]> =>
  tx.query<ConfigurationImport>(`select id, at, member, name, file->'from'->>'name' as "from", file->'from'->>'at' as "exportedAt", n, undone_at as "undoneAt", undone_by as "undoneBy" from {t}.configuration_import order by id desc limit 50`)

/** What stands although its import was taken back: changed since, or in use. */
export interface LeftBehind { kind: DefinitionKind; key: string; why: Refusal | null }

/**
 * Takes an import back: what it made goes, what it changed is as it was before, in one act. What was changed since, or is in
 * use by now, stays as it is and is named. NOT_FOUND; CONFIGURATION_UNDONE the second time.
 */
export async function takeBack(ctx: Context, id: number, allowed: (draft: Draft) => Refusal | null): Promise<{ n: number; left: LeftBehind[] }> {
  const { tx } = ctx
  const [row] = await tx.query<{ act: number | null; name: string; undone: boolean }>(`select act, name, undone_at is not null as undone from {t}.configuration_import where id = $1 for update`, [id])
  if (!row || row.undone) throw new Refused(refuse(row ? 'CONFIGURATION_UNDONE' : 'NOT_FOUND'))
  const changed = row.act === null ? [] : await tx.query<Before>(BEFORE, [row.act])
  const [still, moved] = [changed.filter(({ version, now }) => version === now), changed.filter(({ version, now }) => version !== now)]
  const drafts = still.map(({ kind, key, state, body }): Draft => ({ kind, key, body, ...(body !== null && kind === 'rule' && { state }) }))
  const barred = drafts.flatMap((draft) => { const why = allowed(draft); return why ? [{ kind: draft.kind, key: draft.key, why }] : [] })
  const { n, left } = await publishWhatCan(ctx, drafts.filter((draft) => !barred.some((each) => idOf(each) === idOf(draft))), houseReason(['configuration_taken_back', row.name]))
  await tx.query(`update {t}.configuration_import set undone_at = $2, undone_by = $3 where id = $1`, [id, ctx.now, memberIn(ctx)])
  return { n, left: [...moved.map(({ kind, key }) => ({ kind, key, why: null })), ...barred, ...left.map(({ kind, key, refusal }) => ({ kind, key, why: refusal }))] }
}

/** Everything, but for what is refused. */
async function publishWhatCan(ctx: Context, drafts: readonly Draft[], reason: string): Promise<{ n: number; left: DraftRefusal[] }> {
  const left: DraftRefusal[] = []
  for (let rest = drafts; rest.length > 0;) {
    const result = await publishAll({ ...ctx, reason }, rest)
    if (result.ok) { await recountLoads(ctx, ctx.metadata); return { n: result.published.filter(({ changed }) => changed).length, left } }
    const refused = new Set(result.refusals.map(idOf))
    const fewer = rest.filter((draft) => !refused.has(idOf(draft)))
    if (fewer.length === rest.length) throw new Refused(result.refusals[0]!.refusal)
    left.push(...result.refusals.filter((each, i, all) => all.findIndex((other) => idOf(other) === idOf(each)) === i))
    rest = fewer
  }
  return { n: 0, left }
}

function settled(result: PublishAllResult): Extract<PublishAllResult, { ok: true }> {
  if (!result.ok) throw new Refused(result.refusals[0]!.refusal)
  return result
}

const memberIn = ({ actor }: Context): number | null => (actor.kind === 'member' ? actor.id : null)

/** As each definition was before this act, and at which version it is now. */
interface Before { kind: DefinitionKind; key: string; version: number; now: number; state: DefinitionState; body: unknown }
const BEFORE = `select v.kind, v.key, v.version, (select max(n.version) from {t}.definition_version n where n.kind = v.kind and n.key = v.key) as now, coalesce(b.state, 'active') as state, b.body
  from {t}.definition_version v left join {t}.definition_version b on b.kind = v.kind and b.key = v.key and b.version = v.version - 1 where v.act = $1 order by v.kind, v.key`
