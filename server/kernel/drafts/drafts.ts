import { refused } from '#contract'
import { may, params, readableLens, type Context } from '#kernel/access'
import { ids, isId, type Tx } from '#platform/db'

export const DRAFT_KINDS = ['comment', 'activity'] as const
export type DraftKind = (typeof DRAFT_KINDS)[number]
/** So long after it was last written. */
export const DRAFT_DAYS = 90
const SHOWN = 50

export interface DraftOf { object: string; id: string; kind: DraftKind }
/** `more`: what was chosen beside the words, as the screen keeps it. */
export interface Draft { text: string; more: Record<string, unknown> | null; savedAt: Date }
export interface UnsentDraft extends Omit<Draft, 'more'> { id: string; member: number; kind: DraftKind; begunAt: Date; givenUp: boolean }

/** The member's own open draft; null: there is none. Refused NOT_FOUND where they do not see the record. */
export async function openDraft(ctx: Context, of: DraftOf): Promise<Draft | null> {
  await requireSeen(ctx, of)
  const [row] = await ctx.tx.query<Draft>('select text, more, saved_at as "savedAt" from {t}.draft where member = $1 and record = $2 and kind = $3 and given_up_at is null', [writerOf(ctx), of.id, of.kind])
  return row ?? null
}

/** What it says now; nothing any more: it is given up. Refused NOT_FOUND as `openDraft`. */
export async function keepDraft(ctx: Context, of: DraftOf, { text, more }: Pick<Draft, 'text' | 'more'>): Promise<Draft | null> {
  if (text.trim() === '' && more === null) { await giveUpDraft(ctx, of); return null }
  await requireSeen(ctx, of)
  await ctx.tx.query(`insert into {t}.draft (id, member, object, record, kind, text, more, begun_at, saved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    on conflict (member, object, record, kind) where given_up_at is null do update set text = excluded.text, more = excluded.more, saved_at = excluded.saved_at`, [ids.next(), writerOf(ctx), of.object, of.id, of.kind, text, more === null ? null : JSON.stringify(more), ctx.now])
  return { text, more, savedAt: ctx.now }
}

/** Gone from its writer's sight, kept as it stood last. One in which no word was written is not kept. */
export async function giveUpDraft({ tx, now, principal }: Context, { id, kind }: DraftOf): Promise<void> {
  const given = [writerOf({ principal }), id, kind]
  await tx.query(`delete from {t}.draft where member = $1 and record = $2 and kind = $3 and given_up_at is null and btrim(text) = ''`, given)
  await tx.query('update {t}.draft set given_up_at = $4 where member = $1 and record = $2 and kind = $3 and given_up_at is null', [...given, now])
}

/** It was sent. */
export async function dropDraft(ctx: Context, { id, kind }: Omit<DraftOf, 'object'>): Promise<void> {
  if (ctx.principal.kind === 'member') await ctx.tx.query('delete from {t}.draft where member = $1 and record = $2 and kind = $3 and given_up_at is null', [ctx.principal.member.id, id, kind])
}

/** Everybody's unsent words about a record, the newest first. Refused FORBIDDEN without the right to audit, NOT_FOUND. */
export async function unsentDrafts(ctx: Context, { object, id }: Omit<DraftOf, 'kind'>): Promise<UnsentDraft[]> {
  if (!may(ctx, 'audit')) return refused('FORBIDDEN')
  await requireSeen(ctx, { object, id })
  return ctx.tx.query<UnsentDraft>(`select id, member, kind, text, begun_at as "begunAt", saved_at as "savedAt", given_up_at is not null as "givenUp" from {t}.draft
    where record = $1 and object = $2 and kind = any($3) and btrim(text) <> '' order by saved_at desc, id limit ${SHOWN}`, [id, object, DRAFT_KINDS])
}

/** What has been kept long enough. */
export async function sweepDrafts(tx: Tx): Promise<void> {
  await tx.query(`delete from {t}.draft where saved_at < $1::timestamptz - make_interval(days => ${DRAFT_DAYS})`, [tx.now])
}

export async function requireSeen(ctx: Context, { object, id }: Omit<DraftOf, 'kind'>): Promise<void> {
  const [lens, table] = [readableLens(ctx, object), ctx.metadata.objects.get(object)?.table]
  const given = params(id)
  const rows = isId(id) && table !== undefined ? await ctx.tx.query(`select from ${table} r where r.id = $1::uuid and ${lens.rows('read', 'r', given)}`, given.values) : []
  if (rows.length === 0) refused('NOT_FOUND')
}

export const writerOf = ({ principal }: Pick<Context, 'principal'>): number => (principal.kind === 'member' ? principal.member.id : refused('SIGN_IN_REQUIRED'))
