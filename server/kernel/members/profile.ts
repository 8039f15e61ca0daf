import { refused } from '#contract'
import { type Context, memberFacts } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { phoneOf, emailOf } from './accounts.ts'
import { differences, lockConfiguration, logEdit } from './log.ts'
import { MUST_ENROLL } from './second-factor.ts'
import type { Profile } from './types.ts'

interface Row { email: string | null; phone: string | null; job: string | null; team: number | null; teams: number[]; mustChange: boolean; mustEnroll: boolean; hasPassword: boolean }
const ROW = `select m.email, m.phone, m.job, m.team, m.teams, m.must_change as "mustChange", ${MUST_ENROLL} as "mustEnroll", m.password_hash is not null as "hasPassword" from {t}.member m where m.id = $1`

/** What a member may know about themselves: all of it. Refused SIGN_IN_REQUIRED when not active. */
export async function profileOf(ctx: Context, id: number): Promise<Profile> {
  const [row] = await ctx.tx.query<Row>(ROW, [id])
  const facts = await memberFacts(ctx.tx, id)
  if (!row || !facts) return refused('SIGN_IN_REQUIRED')
  const roles = facts.roles.flatMap((key) => ctx.metadata.roles.get(key) ?? [])
  return {
    id, name: facts.name, ...row, teamTree: facts.teamTree, supervisor: facts.supervisor,
    roles: roles.map(({ key, label }) => ({ key, label })), rights: [...facts.rights], home: roles[0]?.home ?? 'tasks',
  }
}

/** A member's own particulars. Refused VALUE_DUPLICATE, PHONE_INVALID; ADDRESS_NOT_OWN where company accounts are matched by them. */
export async function updateProfile(ctx: Context, id: number, patch: { name?: string | undefined; email?: string | undefined; phone?: string | undefined }): Promise<void> {
  await lockConfiguration(ctx.tx)
  const [before] = await ctx.tx.query<{ name: string; email: string | null; phone: string | null }>(`select name, email, phone from {t}.member where id = $1 for update`, [id])
  if (!before) refused('NOT_FOUND')
  const after = { name: patch.name?.trim() ?? before!.name, email: patch.email === undefined ? before!.email : emailOf(patch.email), phone: patch.phone === undefined ? before!.phone : phoneOf(patch.phone, 'phone') }
  const changed = differences({ ...before }, after)
  if (Object.keys(changed).length === 0) return
  if ((changed['email'] || changed['phone']) && (await matches(ctx))) refused('ADDRESS_NOT_OWN', changed['email'] ? 'email' : 'phone')
  const [taken] = await ctx.tx.query<{ email: boolean }>(`select email = $1 as email from {t}.member where (email = $1 or phone = $2) and id <> $3 limit 1`, [after.email, after.phone, id])
  if (taken) refused('VALUE_DUPLICATE', taken.email ? 'email' : 'phone', { field: taken.email ? '邮箱' : '手机' })
  await ctx.tx.query(`update {t}.member set name = $2, email = $3, phone = $4 where id = $1`, [id, after.name, after.email, after.phone])
  await logEdit(ctx, 'member', id, 'changed', changed)
  await bumpEpoch(ctx.tx)
}

/** An address that nobody verified here would let another person's company account in. */
const matches = async ({ tx }: Context): Promise<boolean> => (await tx.query('select from {t}.sign_in_provider where active limit 1')).length > 0
