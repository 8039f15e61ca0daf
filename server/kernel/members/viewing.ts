import { refused } from '#contract'
import { type Context, may, memberContext, memberFacts, planScope, reachesAll } from '#kernel/access'
import { FULL_RIGHTS } from '#language/definitions'
import { checkGrant } from './grants.ts'
import { lockConfiguration, logEdit } from './log.ts'

export const VIEWING_MINUTES = 30

/** The log's name of one member looking as another does; the value is until when. */
const VIEWED = '$viewed'

/** An administrator begins to look as another member does: written down before anything is seen. Refused as viewContext. */
export async function beginViewing(ctx: Context, member: number): Promise<{ name: string; expiresAt: Date }> {
  await lockConfiguration(ctx.tx)
  const name = await checkViewing(ctx, member)
  // Real time, like sessions: it bounds how long a screen stays open.
  const [row] = await ctx.tx.query<{ until: Date }>(`select clock_timestamp() + make_interval(mins => ${VIEWING_MINUTES}) as until`)
  await logEdit(ctx, 'member', member, 'changed', { [VIEWED]: [null, row!.until.toISOString()] })
  return { name, expiresAt: row!.until }
}

/** The world as that member sees it, in the name of whoever looks; for reading only. Refused NOT_FOUND, FORBIDDEN, GRANT_EXCEEDS_OWN. */
export async function viewContext(ctx: Context, member: number): Promise<Context> {
  await checkViewing(ctx, member)
  return { ...(await memberContext(ctx.tx, member, ctx.request)), actor: ctx.actor }
}

/** Nobody sees by another's eyes what they may not see themselves. */
async function checkViewing(ctx: Context, member: number): Promise<string> {
  if (!may(ctx, 'members') || ctx.principal.kind !== 'member') return refused('FORBIDDEN')
  const facts = await memberFacts(ctx.tx, member)
  if (!facts) return refused('NOT_FOUND')
  checkGrant(ctx, facts.roles, 'member')
  const theirs = await memberContext(ctx.tx, member, ctx.request)
  const sees = ({ key }: { key: string }) => planScope(theirs, key, 'read') === 'none' || reachesAll(ctx, key, 'read')
  if (!FULL_RIGHTS.every((right) => may(ctx, right)) && ![...ctx.metadata.objects.values()].every(sees)) refused('FORBIDDEN')
  return facts.name
}
