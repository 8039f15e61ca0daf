import { refused } from '#contract'
import type { Context } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import type { Capability } from '#language/definitions'
import { endAbsencesOf } from './absences.ts'
import { emailOf, phoneOf } from './accounts.ts'
import { checkGrant } from './grants.ts'
import { differences, lockConfiguration, logEdit } from './log.ts'
import { ENROLLED } from './second-factor.ts'
import type { Member, MemberDraft, MemberPatch } from './types.ts'

const SELECT = `select m.id, m.name, m.email, m.phone, m.job, m.roles, m.team, m.teams, m.supervisor, m.capability, m.state, m.must_change as "mustChange",
  m.password_hash is null and not exists (select from {t}.sign_in_identity i where i.member = m.id) as invited, ${ENROLLED} as "twoFactor", m.created_at as "createdAt",
  coalesce((select json_agg(json_build_object('kind', l.kind, 'open', l.open, 'limit', l."limit") order by l.kind) from {t}.member_load l where l.member = m.id), '[]') as load,
  (select max(s.seen_at) from {t}.session s where s.member = m.id) as "lastSeenAt"
  from {t}.member m`

/** Everyone, by id; for those who manage members. One statement. */
export const listMembers = ({ tx }: Context): Promise<Member[]> => tx.query<Member>(`${SELECT} order by m.id`)

/** Refused NOT_FOUND. */
export async function memberById({ tx }: Context, id: number): Promise<Member> {
  const [member] = await tx.query<Member>(`${SELECT} where m.id = $1`, [id])
  return member ?? refused('NOT_FOUND')
}

const NO_CAPABILITY: Capability = { skills: [], regions: [], capacity: 40 }

/** A new member without a password. Refused VALUE_REQUIRED (neither e-mail nor phone), VALUE_DUPLICATE, GRANT_EXCEEDS_OWN, VALUE_INVALID. */
export async function createMember(ctx: Context, draft: MemberDraft): Promise<Member> {
  await lockConfiguration(ctx.tx)
  const values = normalised(draft)
  if (!values.email && !values.phone) refused('VALUE_REQUIRED', 'email', { field: '邮箱或手机 · e-mail or phone' })
  checkGrant(ctx, draft.roles, 'roles')
  await checkPlaces(ctx, values, null)
  const [row] = await ctx.tx.query<{ id: number }>(
    `insert into {t}.member (name, email, phone, job, roles, team, teams, supervisor, capability, capacity, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
    [values.name, values.email ?? null, values.phone ?? null, values.job ?? null, values.roles, values.team ?? null, values.teams ?? [], values.supervisor ?? null,
      values.capability ?? NO_CAPABILITY, (values.capability ?? NO_CAPABILITY).capacity, ctx.now])
  const id = row!.id
  await giveCapacity(ctx, id, (values.capability ?? NO_CAPABILITY).capacity)
  await logEdit(ctx, 'member', id, 'created', differences({}, { ...values, capability: values.capability ?? NO_CAPABILITY }))
  await bumpEpoch(ctx.tx)
  return memberById(ctx, id)
}

/**
 * Edit a member. Refused as createMember, and LAST_ADMINISTRATOR when nobody who manages members would be left,
 * GRANT_EXCEEDS_OWN when the member holds more than the editor. Suspending ends every session at once.
 */
export async function updateMember(ctx: Context, id: number, patch: MemberPatch): Promise<Member> {
  await lockConfiguration(ctx.tx)
  await ctx.tx.query(`select from {t}.member where id = $1 for update`, [id])
  const before = await memberById(ctx, id)
  checkGrant(ctx, before.roles, 'id')
  const values = normalised(patch)
  if (values.roles) checkGrant(ctx, values.roles, 'roles')
  await checkPlaces(ctx, values, id)
  const changed = differences({ ...before }, values)
  if (Object.keys(changed).length === 0) return before
  if (changed['roles'] || changed['state']) await checkAdministratorRemains(ctx, id, { ...before, ...values } as Member)
  await store(ctx, id, { ...before, ...values } as Member)
  await logEdit(ctx, 'member', id, 'changed', changed)
  await bumpEpoch(ctx.tx)
  return memberById(ctx, id)
}

async function store(ctx: Context, id: number, after: Member): Promise<void> {
  if (!after.email && !after.phone) refused('VALUE_REQUIRED', 'email', { field: '邮箱或手机 · e-mail or phone' })
  await ctx.tx.query(
    `update {t}.member set name = $2, email = $3, phone = $4, job = $5, roles = $6, team = $7, teams = $8, supervisor = $9, capability = $10, capacity = $11, state = $12 where id = $1`,
    [id, after.name, after.email, after.phone, after.job, after.roles, after.team, after.teams, after.supervisor, after.capability, after.capability.capacity, after.state])
  await giveCapacity(ctx, id, after.capability.capacity)
  if (after.state !== 'suspended') return
  await ctx.tx.query(`delete from {t}.session where member = $1`, [id])
  await endAbsencesOf(ctx, id)
}

/** The limit of every kind of load that any object counts. */
async function giveCapacity({ tx, metadata }: Context, member: number, capacity: number): Promise<void> {
  const kinds = [...new Set([...metadata.objects.values()].flatMap(({ load }) => load?.kind ?? []))].sort()
  await tx.query(`insert into {t}.member_load (member, kind, open, "limit") select $1, kind, 0, $3 from unnest($2::text[]) kind
    on conflict (member, kind) do update set "limit" = excluded."limit"`, [member, kinds, capacity])
}

function normalised<D extends MemberPatch>(draft: D): D {
  const { email, phone, name } = draft
  return definedOnly({
    ...draft, ...(name !== undefined && { name: name.trim() }), ...(email && { email: emailOf(email) }), ...(phone && { phone: phoneOf(phone, 'phone') }),
    ...(draft.teams && { teams: [...new Set(draft.teams)].filter((team) => team !== draft.team) }),
  })
}

const definedOnly = <T extends object>(values: T): T => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

/** Teams and supervisor exist, nobody supervises themselves, even in a circle; e-mail and phone are free. */
async function checkPlaces(ctx: Context, values: MemberPatch, id: number | null): Promise<void> {
  for (const team of [values.team, ...(values.teams ?? [])]) if (typeof team === 'number' && !ctx.metadata.teams.has(team)) refused('VALUE_INVALID', 'team', { field: '部门', reason: String(team) })
  if (typeof values.supervisor === 'number') await checkSupervisor(ctx, values.supervisor, id)
  const [taken] = await ctx.tx.query<{ email: boolean }>(`select email = $1 as email from {t}.member where (email = $1 or phone = $2) and id is distinct from $3 limit 1`, [values.email ?? null, values.phone ?? null, id])
  if (taken) refused('VALUE_DUPLICATE', taken.email ? 'email' : 'phone', { field: taken.email ? '邮箱' : '手机' })
}

async function checkSupervisor({ tx }: Context, supervisor: number, id: number | null): Promise<void> {
  const chain = await tx.query<{ id: number }>(
    `with recursive up as (select id, supervisor, 1 as depth from {t}.member where id = $1 union all
       select m.id, m.supervisor, depth + 1 from {t}.member m join up on m.id = up.supervisor where depth < 100) select id from up`, [supervisor])
  if (chain.length === 0 || chain.some((each) => each.id === id)) refused('VALUE_INVALID', 'supervisor', { field: '直属上级', reason: '不能是自己或自己的下级 · not oneself or somebody below' })
}

async function checkAdministratorRemains({ tx, metadata }: Context, id: number, after: Member): Promise<void> {
  const managing = [...metadata.roles.values()].filter(({ rights }) => rights.includes('members')).map(({ key }) => key)
  if (after.state === 'active' && after.roles.some((key) => managing.includes(key))) return
  const others = await tx.query(`select from {t}.member where id <> $1 and state = 'active' and roles && $2::text[] limit 1`, [id, managing])
  if (others.length === 0) refused('LAST_ADMINISTRATOR', 'roles')
}
