import { refuse, Refused, type Refusal } from '#contract'
import { lensOf, type Context } from '#kernel/access'
import { changesOfActs, type ChangeRow, type FieldChanges } from '#kernel/changes'
import { actOf } from './batch.ts'
import { openCursor, sealCursor } from './cursor.ts'
import { tenantKeys } from './keys.ts'
import { getRecords } from './read.ts'
import type { Intent, Kept, Undone } from './types.ts'
import { write } from './write.ts'

/** `why`: changed since, not the member's to take back, append-only, or refused with its reason. `fields`: those the member may see. */
export interface KeptRecord { object: string; id: string; title: string; fields: string[]; why: Kept['why'] | 'immutable' | 'refused'; refusal?: Refusal }
/** `changed`: records taken back; `acts`: what the undo itself was, to be undone in turn. */
export interface Undoing { changed: number; acts: number[]; kept: KeptRecord[] }

/** Whoever did something may take it back this long, even if it has left their reach by it. */
const OWN_MS = 3_600_000
const FINAL: ReadonlySet<string> = new Set(['merge', 'unmerge', 'erasure', 'definition', 'upgrade'])

/**
 * Take these acts back, newest first, as one act each (cause undo): field by field only where the undone change is still the last.
 * What was created goes, unless somebody has worked on it; what was deleted returns. Undone twice, nothing more happens. No event rule answers.
 * `rehearse`: what would come of it, and nothing is written.
 * Refused NOT_FOUND for unknown acts, UNDO_IMPOSSIBLE for acts that are no changes of records. At most seven statements and those of two writes.
 */
export async function undoActs(ctx: Context, acts: readonly number[], { rehearse = false } = {}): Promise<Undoing> {
  const changes = await changesOfActs(ctx.tx, acts)
  if (changes.length === 0) throw new Refused(refuse('NOT_FOUND'))
  if (changes.some(({ object, cause }) => !ctx.metadata.objects.has(object) || FINAL.has(cause.kind))) throw new Refused(refuse('UNDO_IMPOSSIBLE'))
  const [frozen, rest] = split(changes, ({ object }) => ctx.metadata.objects.get(object)!.immutable === true)
  const { changed, written, kept } = await revert(ctx, { changes: rest, acts: [...new Set(acts)].sort((a, b) => b - a), rehearse })
  const all = [...kept, ...frozen.map(({ object, record }): KeptRecord => ({ object, id: record, title: '', fields: [], why: 'immutable' }))]
  return { changed, acts: [...new Set(written)], kept: await titled(ctx, all) }
}

interface Reverting { changes: readonly ChangeRow[]; acts: readonly number[]; rehearse: boolean }

async function revert(ctx: Context, { changes, acts, rehearse }: Reverting): Promise<{ changed: number; written: number[]; kept: KeptRecord[] }> {
  const intents = intentsOf(ctx, changes, acts)
  const drafts = acts.map((undoOf) => ({ ...actOf(ctx), cause: { kind: 'undo' as const, undoOf } }))
  const refused: KeptRecord[] = []
  for (let wishes = intents; wishes.length > 0;) {
    const result = await write(ctx, wishes, { acts: drafts, undoing: acts, ...(rehearse && { rehearse }) })
    if (result.ok) return { changed: new Set(result.written.flatMap(({ id, changed }) => (changed ? [id] : []))).size, written: [...new Map(result.written.filter(({ act }) => act !== null).map(({ id, act }) => [id, act!])).values()], kept: [...refused, ...result.kept.map((each) => ({ ...each, title: '' }))] }
    const no = new Map(result.refusals.map(({ index, refusal }) => [index, refusal]))
    refused.push(...[...no].map(([i, refusal]): KeptRecord => ({ object: wishes[i]!.object, id: wishes[i]!.id!, title: '', fields: [], why: 'refused', refusal })))
    wishes = wishes.filter((_, i) => !no.has(i))
  }
  return { changed: 0, written: [], kept: refused }
}

/** One wish per act and record; several changes of one act to a record are one. */
function intentsOf(ctx: Context, changes: readonly ChangeRow[], acts: readonly number[]): Intent[] {
  const order = new Map(acts.map((act, i) => [act, i]))
  const groups = [...Map.groupBy(written(ctx, changes), ({ act, object, record }) => `${act} ${object} ${record}`).values()]
  return groups.map((group): Intent => {
    const last = group.at(-1)!
    return { op: 'revert', object: last.object, id: last.record, act: order.get(last.act)!, undone: { version: last.recordVersion, created: group[0]!.event === 'created', fields: combined(group), own: isOwn(ctx, last) } }
  }).sort((a, b) => a.act! - b.act!)
}

/** What follows from other fields follows again when those are taken back. */
function written({ metadata }: Context, changes: readonly ChangeRow[]): ChangeRow[] {
  const derivations = metadata.derivations()
  return changes.flatMap((change): ChangeRow[] => {
    const fields = Object.fromEntries(Object.entries(change.fields).filter(([key]) => !derivations.of(change.object, key)))
    return Object.keys(fields).length > 0 || change.event !== 'changed' ? [{ ...change, fields }] : []
  })
}

function combined(group: readonly ChangeRow[]): FieldChanges {
  const fields: Record<string, readonly [unknown, unknown]> = {}
  for (const change of group) for (const [key, [before, after]] of Object.entries(change.fields)) fields[key] = [fields[key] ? fields[key][0] : before, after]
  return fields
}

function isOwn({ principal, actor, now }: Context, { actor: by, at }: ChangeRow): Undone['own'] {
  return principal.kind === 'kernel' || (by.kind === 'member' && actor.kind === 'member' && by.id === actor.id && now.getTime() - at.getTime() <= OWN_MS)
}

const split = <T>(all: readonly T[], test: (each: T) => boolean): [T[], T[]] => [all.filter(test), all.filter((each) => !test(each))]

/** Names and fields as far as this reader may see them. */
async function titled(ctx: Context, kept: readonly KeptRecord[]): Promise<KeptRecord[]> {
  const titles = new Map<string, string>()
  for (const [object, some] of Map.groupBy(kept, (each) => each.object)) {
    if (!lensOf(ctx, object).can('read')) continue
    for (const { id, title } of await getRecords(ctx, object, [...new Set(some.map(({ id }) => id))], [])) titles.set(id, title)
  }
  return kept.map((each) => ({ ...each, title: titles.get(each.id) ?? '', fields: each.fields.filter((key) => lensOf(ctx, each.object).field(key)) }))
}

const BOUND = 'acts to undo'
/** Acts as text that tells nothing of how many there have been; null for none. */
export async function undoToken(ctx: Context, acts: readonly (number | null)[]): Promise<string | null> {
  const named = [...new Set(acts)].filter((act) => act !== null)
  return named.length === 0 ? null : sealCursor(await tenantKeys(ctx), named, BOUND)
}

/** Refused CURSOR_INVALID. */
export const actsToUndo = async (ctx: Context, token: string): Promise<number[]> => openCursor<number[]>(await tenantKeys(ctx), token, BOUND)
