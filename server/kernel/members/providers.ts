import { refused } from '#contract'
import { type Context, may } from '#kernel/access'
import type { Tx } from '#platform/db'
import { emailOf } from './accounts.ts'
import { checkGrant } from './grants.ts'
import { differences, lockConfiguration, logEdit } from './log.ts'
import { aboutProvider, sealed, unsealed } from './secrets.ts'
import { endSessions } from './sessions.ts'

/** Where members may sign in with the company's account instead of a password. */
export interface SignInProvider {
  id: number
  /** Stands in the address to which the provider sends people back. */
  key: string
  name: string
  issuer: string
  clientId: string
  secret: boolean
  /** Of the e-mail addresses that are let in; empty: any. */
  domains: string[]
  /** `matched`: members only, by verified e-mail or phone. `created`: whoever comes becomes a member, with `role` in `team`. */
  admits: 'matched' | 'created'
  role: string | null
  team: number | null
  /** Signing out here ends the provider's own session as well. */
  ends: boolean
  active: boolean
  /** How many members came by it already. */
  linked: number
}
export interface ProviderDraft {
  name: string
  issuer: string
  clientId: string
  /** Absent: as it was. Null: a public client. */
  secret?: string | null | undefined
  domains: readonly string[]
  admits: SignInProvider['admits']
  role: string | null
  team: number | null
  ends: boolean
  active: boolean
}

const SHOWN = `p.id, p.key, p.name, p.issuer, p.client_id as "clientId", p.secret is not null as secret, p.domains, p.admits, p.role, p.team, p.ends, p.active, (select count(*)::int from {t}.sign_in_identity i where i.provider = p.id) as linked`

/** All of them, by name; without their secrets. */
export const listProviders = (tx: Tx): Promise<SignInProvider[]> => tx.query<SignInProvider>(`select ${SHOWN} from {t}.sign_in_provider p order by p.name, p.id`)

/** Those that the sign-in page offers. */
export const offeredProviders = (tx: Tx): Promise<{ key: string; name: string }[]> => tx.query<{ key: string; name: string }>('select key, name from {t}.sign_in_provider where active order by name, id', [], { name: 'offered providers' })

/** As the way to it needs them, the secret included. Null: there is none, or it is switched off. */
export async function providerInUse(tx: Tx, by: { key: string } | { id: number }): Promise<(Omit<SignInProvider, 'secret' | 'linked'> & { secret: string | null }) | null> {
  const [row] = await tx.query<Omit<SignInProvider, 'secret' | 'linked'> & { secret: Buffer | null }>(
    `select id, key, name, issuer, client_id as "clientId", secret, domains, admits, role, team, ends, active from {t}.sign_in_provider where ${'key' in by ? 'key' : 'id'} = $1 and active`, ['key' in by ? by.key : by.id])
  return row ? { ...row, secret: row.secret && (unsealed(tx, row.secret, aboutProvider(tx, row.key))?.toString('utf8') ?? null) } : null
}

/**
 * Connect a provider or change one. Refused GRANT_EXCEEDS_OWN to whoever holds less than some member: by a provider of one's own one could be
 * anybody; VALUE_REQUIRED without the role, or without the domains, of those whom it would create. With another issuer those who came by it are
 * strangers again: a subject means nothing elsewhere.
 */
export async function putProvider(ctx: Context, key: string, draft: ProviderDraft): Promise<SignInProvider> {
  await lockConfiguration(ctx.tx)
  await checkConnecting(ctx)
  const [before] = await ctx.tx.query<SignInProvider>(`select ${SHOWN} from {t}.sign_in_provider p where p.key = $1 for update`, [key])
  const values = normalised(draft)
  check(ctx, values)
  const { secret, ...shown } = values
  const stored = secret === undefined || secret === null ? null : sealed(ctx.tx, Buffer.from(secret), aboutProvider(ctx.tx, key))
  const [row] = await ctx.tx.query<{ id: number }>(
    `insert into {t}.sign_in_provider (key, name, issuer, client_id, secret, domains, admits, role, team, ends, active, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())
     on conflict (key) do update set name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id, secret = case when $12 then excluded.secret else sign_in_provider.secret end, domains = excluded.domains,
       admits = excluded.admits, role = excluded.role, team = excluded.team, ends = excluded.ends, active = excluded.active returning id`,
    [key, shown.name, shown.issuer, shown.clientId, stored, shown.domains, shown.admits, shown.role, shown.team, shown.ends, shown.active, secret !== undefined])
  if (before && before.issuer !== shown.issuer) await ctx.tx.query('delete from {t}.sign_in_identity where provider = $1', [before.id])
  const changed = differences(before ? logged(before) : {}, { ...logged(shown), ...(secret !== undefined && { client_secret: secret === null ? null : ctx.now.toISOString() }) })
  if (Object.keys(changed).length > 0) await logEdit(ctx, 'sign_in_provider', row!.id, before ? 'changed' : 'created', changed)
  return (await ctx.tx.query<SignInProvider>(`select ${SHOWN} from {t}.sign_in_provider p where p.key = $1`, [key]))[0]!
}

/** No longer. Whoever is signed in by it stays so until they leave. Refused NOT_FOUND, GRANT_EXCEEDS_OWN. */
export async function removeProvider(ctx: Context, key: string): Promise<void> {
  await lockConfiguration(ctx.tx)
  await checkConnecting(ctx)
  const [gone] = await ctx.tx.query<{ id: number; name: string }>('delete from {t}.sign_in_provider where key = $1 returning id, name', [key])
  if (!gone) return refused('NOT_FOUND')
  await ctx.tx.query('delete from {t}.sign_in_identity where provider = $1', [gone.id])
  await ctx.tx.query('delete from {t}.sign_in_opening where provider = $1', [gone.id])
  await logEdit(ctx, 'sign_in_provider', gone.id, 'deleted', { label: [gone.name, null] })
}

/** Those who came by a provider. */
export const linkedMembers = (tx: Tx, key: string): Promise<{ member: number; name: string; linkedAt: Date }[]> => tx.query(
  `select m.id as member, m.name, i.linked_at as "linkedAt" from {t}.sign_in_identity i join {t}.sign_in_provider p on p.id = i.provider join {t}.member m on m.id = i.member where p.key = $1 order by i.linked_at desc limit 500`, [key])

/** A member's account at the provider is another now: the next one that is proven theirs is taken. Their sessions end. */
export async function unlink(ctx: Context, key: string, member: number): Promise<void> {
  const { roles } = (await ctx.tx.query<{ roles: string[] }>('select roles from {t}.member where id = $1', [member]))[0] ?? refused('NOT_FOUND')
  checkGrant(ctx, roles, 'id')
  const [gone] = await ctx.tx.query<{ name: string }>('delete from {t}.sign_in_identity i using {t}.sign_in_provider p where p.id = i.provider and p.key = $1 and i.member = $2 returning p.name', [key, member])
  if (!gone) return refused('NOT_FOUND')
  await endSessions(ctx.tx, member, null)
  await logEdit(ctx, 'member', member, 'changed', { company_account: [gone.name, null] })
}

const WELL_KNOWN = /\/\.well-known\/openid-configuration\/?$/
/** As it is pasted: the address of its description stands for it, too. */
export const issuerOf = (text: string): string => text.trim().replace(WELL_KNOWN, '')

function normalised({ issuer, domains, name, clientId, ...rest }: ProviderDraft) {
  const created = rest.admits === 'created'
  return { ...rest, name: name.trim(), clientId: clientId.trim(), issuer: issuerOf(issuer), domains: [...new Set(domains.map((each) => emailOf(each).replace(/^@/, '')).filter(Boolean))], role: created ? rest.role : null, team: created ? rest.team : null }
}

const DOMAIN = /^(?=.{1,253}$)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u

function check(ctx: Context, { issuer, domains, admits, role, team }: ReturnType<typeof normalised>): void {
  if (!URL.canParse(issuer) || /[?#]/.test(issuer) || !/^https?:$/.test(new URL(issuer).protocol)) refused('VALUE_INVALID', 'issuer', { field: 'Issuer', reason: issuer.slice(0, 100) })
  for (const each of domains) if (!DOMAIN.test(each)) refused('VALUE_INVALID', 'domains', { field: '邮箱域名', fieldEn: 'E-mail domains', reason: each.slice(0, 100) })
  if (admits === 'matched') return
  if (domains.length === 0) refused('VALUE_REQUIRED', 'domains', { field: '邮箱域名', fieldEn: 'E-mail domains' })
  if (role === null) return refused('VALUE_REQUIRED', 'role', { field: '角色', fieldEn: 'Role' })
  if (!ctx.metadata.roles.has(role)) refused('VALUE_INVALID', 'role', { field: '角色', fieldEn: 'Role', reason: role })
  checkGrant(ctx, [role], 'role')
  if (team !== null && !ctx.metadata.teams.has(team)) refused('VALUE_INVALID', 'team', { field: '部门', fieldEn: 'Department', reason: String(team) })
}

/** Whoever says which provider is believed could come as any member. Refused FORBIDDEN, GRANT_EXCEEDS_OWN. */
export async function checkConnecting(ctx: Context): Promise<void> {
  if (!may(ctx, 'members')) refused('FORBIDDEN')
  const held = await ctx.tx.query<{ role: string }>(`select distinct unnest(roles) as role from {t}.member where state = 'active'`)
  checkGrant(ctx, held.map(({ role }) => role).filter((role) => ctx.metadata.roles.has(role)), 'key')
}

const logged = ({ name, issuer, clientId, domains, admits, role, team, ends, active }: Omit<ReturnType<typeof normalised>, 'secret'>) => ({ label: name, issuer, client_id: clientId, domains, admits, role, team, ends, active })
