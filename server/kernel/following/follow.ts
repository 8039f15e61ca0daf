import { contextOf, memberFacts, type Context } from '#kernel/access'
import { getRecord, getRecords } from '#kernel/records'

export interface Subject { object: string; id: string }
export interface Following { following: boolean; followers: number }

/** Open or close this member's following of a record that they see. Twice is once. Refused NOT_FOUND. */
export async function follow(ctx: Context, { object, id }: Subject, on: boolean): Promise<Following> {
  await getRecord(ctx, object, id, [])
  const member = memberOf(ctx)
  if (on) await ctx.tx.query('insert into {t}.follow (record, object, member, opened_at) values ($1, $2, $3, $4) on conflict do nothing', [id, object, member, ctx.now], { name: 'follow' })
  else await ctx.tx.query('update {t}.follow set closed_at = $3 where record = $1 and member = $2 and closed_at is null', [id, member, ctx.now], { name: 'unfollow' })
  return counted(ctx, id)
}

/** Refused NOT_FOUND. */
export async function followingOf(ctx: Context, { object, id }: Subject): Promise<Following> {
  await getRecord(ctx, object, id, [])
  return counted(ctx, id)
}

async function counted(ctx: Context, id: string): Promise<Following> {
  const [row] = await ctx.tx.query<Following>('select coalesce(bool_or(member = $2), false) as following, count(*)::int as followers from {t}.follow where record = $1 and closed_at is null', [id, memberOf(ctx)], { name: 'following' })
  return row!
}

const memberOf = ({ principal }: Context): number => (principal.kind === 'member' ? principal.member.id : 0)

/** Those of these members who are active and see the record. One statement each. Refused NOT_FOUND when one does not see it oneself. */
export async function readersOf(ctx: Context, { object, id }: Subject, members: readonly number[]): Promise<number[]> {
  await getRecord(ctx, object, id, [])
  const seen = await Promise.all(members.map(async (member) => {
    const theirs = await contextAs(ctx, member)
    return theirs !== null && (await getRecords(theirs, object, [id], [])).length > 0
  }))
  return members.filter((_, i) => seen[i])
}

/** The same instant with another member's eyes; null when they are not active. */
export async function contextAs(ctx: Context, member: number): Promise<Context | null> {
  const facts = await memberFacts(ctx.tx, member)
  return facts ? contextOf(ctx.tx, { principal: { kind: 'member', member: facts }, actor: ctx.actor, cause: ctx.cause, request: ctx.request }) : null
}
