import { refused } from '#contract'
import { contextOf, KERNEL, type Context } from '#kernel/access'
import { parsePhone } from '#language/values'
import { secretToken, sha256 } from '#platform/crypto'
import type { Database, Tenant, Tx } from '#platform/db'
import { emailOf } from './accounts.ts'
import { logEdit, logSignIn, type SignInFacts } from './log.ts'
import { createMember } from './people.ts'
import { providerInUse, type SignInProvider } from './providers.ts'
import { endThrough, openSession } from './sessions.ts'
import { refuseSecond, secondWord, type SecondWord } from './two-factor.ts'

const MINUTES = 10

/** What somebody takes along to a provider; `browser` stays behind in theirs. */
export interface SetOut { state: string; nonce: string; verifier: string; browser: string }

/** Somebody sets out for a provider. Real time. */
export async function setOut(tx: Tx, provider: number, redirect: string): Promise<SetOut> {
  const [state, nonce, verifier, browser] = [secretToken(), secretToken(), secretToken(), secretToken()]
  await tx.query(`insert into {t}.sign_in_opening (state, browser, provider, nonce, verifier, redirect, expires_at) values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(mins => ${MINUTES}))`, [sha256(state), sha256(browser), provider, nonce, verifier, redirect])
  return { state, nonce, verifier, browser }
}

/** One that came back: the opening it belongs to, and whom it was proven to be if only a second factor is missing. */
export interface CameBack { provider: number; nonce: string; verifier: string; redirect: string; member: number | null; hint: string | null }

const OPEN = `state = $1 and browser = $2 and expires_at > clock_timestamp()`
const GIVEN = `o.provider, o.nonce, o.verifier, o.redirect, o.member, o.hint`

/**
 * Take the opening of this state, in the browser where it began and at the door of the provider for which it was: it works for one of all who try.
 * `again`: the one that was proven already and waits for a second factor. Refused SIGN_IN_STALE.
 */
export async function comeBack(tx: Tx, { state, browser, key, again }: { state: string; browser: string; key: string; again: boolean }): Promise<CameBack> {
  const given = [sha256(state), sha256(browser), key]
  const door = `exists (select from {t}.sign_in_provider p where p.id = o.provider and p.key = $3 and p.active)`
  const [row] = again ? await tx.query<CameBack>(`select ${GIVEN} from {t}.sign_in_opening o where ${OPEN} and member is not null and ${door}`, given)
    : await tx.query<CameBack>(`update {t}.sign_in_opening o set used_at = clock_timestamp() where ${OPEN} and used_at is null and ${door} returning ${GIVEN}`, given)
  return row ?? refused('SIGN_IN_STALE')
}

/** Who a provider says it is; e-mail and phone only where it has verified them. */
export interface Proven { subject: string; email: string | null; phone: string | null; name: string | null; hint: string; sid: string | null }

/**
 * The member whom somebody proven is, made if the provider may make members. Refused SIGN_IN_UNKNOWN, in the same words for whoever is
 * unknown, of another domain or suspended; the log says which.
 */
export async function memberOf(db: Database, tenant: Tenant, { provider: id, state, person }: { provider: number; state: string; person: Proven }, facts: SignInFacts): Promise<number> {
  const found = await db.mutate(tenant, async (tx) => {
    const provider = await providerInUse(tx, { id })
    const result = provider ? await find(tx, provider, person) : { no: 'switched off' as const }
    if ('no' in result) await logSignIn(tx, { member: result.member ?? null, outcome: 'refused', account: person.email ?? person.phone ?? person.subject, through: provider?.name, because: result.no }, facts)
    else await tx.query('update {t}.sign_in_opening set member = $2, hint = $3, sid = $4 where state = $1', [sha256(state), result.member, provider!.ends ? person.hint.slice(0, 8_000) : null, person.sid])
    return result
  })
  return 'no' in found ? refused('SIGN_IN_UNKNOWN') : found.member
}

type Found = { member: number } | { no: 'unknown' | 'suspended' | 'domain' | 'another account' | 'switched off'; member?: number }

async function find(tx: Tx, provider: Pick<SignInProvider, 'id' | 'name' | 'domains' | 'admits' | 'role' | 'team'>, person: Proven): Promise<Found> {
  const email = person.email === null ? null : emailOf(person.email)
  if (provider.domains.length > 0 && !provider.domains.includes(email?.split('@').at(-1) ?? '')) return { no: 'domain' }
  // Two who come for the first time at once are one after the other.
  await tx.query('select pg_advisory_xact_lock($1, 4)', [tx.tenant.id])
  const [linked] = await tx.query<{ member: number; active: boolean }>(`select m.id as member, m.state = 'active' as active from {t}.sign_in_identity i join {t}.member m on m.id = i.member where i.provider = $1 and i.subject = $2`, [provider.id, person.subject])
  if (linked) return linked.active ? linked : { no: 'suspended', member: linked.member }
  const known = await byAddress(tx, provider.id, { email, phone: phoneOf(person.phone) })
  if (!known) return provider.admits === 'created' && email !== null ? make(tx, provider, { ...person, email }) : { no: 'unknown' }
  if (!known.active) return { no: 'suspended', member: known.member }
  // The address belongs to somebody else at the provider by now: their account there is another person's.
  if (known.linked) return { no: 'another account', member: known.member }
  await link(tx, provider, known.member, person.subject)
  return known
}

const phoneOf = (text: string | null): string | null => { const phone = text === null ? null : parsePhone(text); return phone?.ok ? phone.e164 : null }

async function byAddress(tx: Tx, provider: number, { email, phone }: { email: string | null; phone: string | null }): Promise<{ member: number; active: boolean; linked: boolean } | undefined> {
  const rows = await tx.query<{ member: number; active: boolean; linked: boolean }>(`select m.id as member, m.state = 'active' as active, exists (select from {t}.sign_in_identity i where i.provider = $3 and i.member = m.id) as linked
    from {t}.member m where m.email = $1 or m.phone = $2 order by m.email is distinct from $1`, [email, phone, provider])
  return rows[0]
}

async function link(tx: Tx, { id, name }: Pick<SignInProvider, 'id' | 'name'>, member: number, subject: string): Promise<void> {
  await tx.query('insert into {t}.sign_in_identity (provider, subject, member, linked_at) values ($1, $2, $3, clock_timestamp())', [id, subject, member])
  await logEdit(await asProvider(tx, name), 'member', member, 'changed', { company_account: [null, name] })
}

async function make(tx: Tx, provider: Pick<SignInProvider, 'id' | 'name' | 'role' | 'team'>, person: Proven & { email: string }): Promise<Found> {
  const ctx = await asProvider(tx, provider.name)
  if (!ctx.metadata.roles.has(provider.role ?? '')) return { no: 'unknown' }
  const { id } = await createMember(ctx, { name: (person.name ?? person.email.split('@')[0]!).slice(0, 80), email: person.email, roles: [provider.role!], team: ctx.metadata.teams.has(provider.team ?? 0) ? provider.team : null })
  await link(tx, provider, id, person.subject)
  return { member: id }
}

const asProvider = (tx: Tx, name: string): Promise<Context> => contextOf(tx, { principal: KERNEL, actor: { kind: 'system', reason: `company account: ${name}` }, cause: { kind: 'member' } })

/** Whoever was proven is let in, with their second factor where they have one (B40). Refused SECOND_FACTOR_*, SIGN_IN_STALE. */
export async function enter(db: Database, tenant: Tenant, { state, member, code }: { state: string; member: number; code: string | undefined }, facts: SignInFacts): Promise<string> {
  const { word, token } = await db.mutate(tenant, async (tx) => {
    const [opening] = await tx.query<{ provider: number; name: string; hint: string | null; sid: string | null }>(
      `select o.provider, p.name, o.hint, o.sid from {t}.sign_in_opening o join {t}.sign_in_provider p on p.id = o.provider join {t}.member m on m.id = o.member where o.state = $1 and o.member = $2 and m.state = 'active' for update of o`, [sha256(state), member])
    if (!opening) return refused('SIGN_IN_STALE')
    const said: SecondWord = await secondWord(tx, member, code)
    if (said === 'wrong' || said === 'locked') await logSignIn(tx, { member, outcome: 'refused', through: opening.name }, facts)
    if (said !== 'none' && said !== 'right') return { word: said, token: '' }
    await tx.query('delete from {t}.sign_in_opening where state = $1', [sha256(state)])
    return { word: said, token: await openSession(tx, member, facts, { provider: opening.provider, name: opening.name, hint: opening.hint, sid: opening.sid }) }
  })
  refuseSecond(word)
  return token
}

/** What a provider says of somebody who left it; `notice` counts once, for as many `seconds` as it could come again. */
export interface SaidLeft { subject: string | null; sid: string | null; notice: string; seconds: number }

/** Ends the sessions that came about by this provider and are over there, at once, in the log. False: it was said before. Real time. */
export async function leftThere(tx: Tx, { id, name }: Pick<SignInProvider, 'id' | 'name'>, { notice, seconds, subject, sid }: SaidLeft): Promise<boolean> {
  const heard = await tx.query('insert into {t}.sign_out_heard (provider, notice, expires_at) values ($1, $2, clock_timestamp() + make_interval(secs => $3)) on conflict do nothing returning 1', [id, sha256(notice), seconds])
  if (heard.length === 0) return false
  const members = await endThrough(tx, { provider: id, subject, sid })
  const ctx = await asProvider(tx, name)
  for (const member of [...new Set(members)].sort((a, b) => a - b)) await logEdit(ctx, 'member', member, 'changed', { left_company_account: [name, members.filter((each) => each === member).length] })
  return true
}

/** What a provider said did not hold, in the log: of nobody, since nobody was proven. */
export const noteUnproven = (tx: Tx, { name, reason }: { name: string; reason: string }, facts: SignInFacts): Promise<void> => logSignIn(tx, { member: null, outcome: 'refused', through: name, because: reason.slice(0, 200) }, facts)

/** Openings that ran out leave the table. */
export const sweepOpenings = (tx: Tx): Promise<unknown> => Promise.all(['sign_in_opening', 'sign_out_heard'].map((table) => tx.query(`delete from {t}.${table} where expires_at < clock_timestamp()`)))
