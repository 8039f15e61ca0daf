import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginTwoFactor, comeBack, createMember, enter, linkedMembers, listMembers, listProviders, memberOf, type Proven, type ProviderDraft, providerInUse, putProvider, removeProvider, sessionOf, setOut, sweepOpenings, unlink, updateMember, updateProfile } from './index.ts'
import { codeOf, FACTS, office, type Office, type Person } from './testing/office.ts'

let home: Office
beforeAll(async () => { home = await office(); await put() })
afterAll(() => home.drop())

const ACME: ProviderDraft = { name: 'Acme 账号', issuer: 'https://id.acme.example/', clientId: 'crm', secret: 'geheim', domains: [], admits: 'matched', role: null, team: null, ends: true, active: true }
const put = (more: Partial<ProviderDraft> = {}, who: Person = 'chief', key = 'acme') => home.as(who, (ctx) => putProvider(ctx, key, { ...ACME, ...more }))
const idOf = async (key = 'acme') => (await home.db.read(home.tenant, (tx) => providerInUse(tx, { key })))!.id
const out = async (key = 'acme') => { const provider = await idOf(key); return home.as('kernel', ({ tx }) => setOut(tx, provider, `https://crm/sign-in/through/${key}`)) }
const back = (state: string, browser: string, { key = 'acme', again = false } = {}) => home.as('kernel', ({ tx }) => comeBack(tx, { state, browser, key, again }))
const person = (subject: string, more: Partial<Proven> = {}): Proven => ({ subject, email: null, phone: null, name: null, hint: 'id.token', sid: null, ...more })

/** All the way, as this person; answers who it was. */
async function through(who: Proven, key = 'acme'): Promise<{ member: number; token: string }> {
  const { state, browser } = await out(key)
  const opening = await back(state, browser, { key })
  const member = await memberOf(home.db, home.tenant, { provider: opening.provider, state, person: who }, FACTS)
  return { member, token: await enter(home.db, home.tenant, { state, member, code: undefined }, FACTS) }
}
const memberBy = async (who: Proven, key?: string) => (await through(who, key)).member
const lastSignIn = async () => (await home.rows<{ fields: Record<string, unknown> }>(`select fields from {t}.change where object = 'system:session' order by seq desc limit 1`))[0]!.fields

test('B50 back once, in the browser where it began, by the door of that provider, in time', async () => {
  await put({}, 'chief', 'other')
  const { state, browser } = await out()
  expect(await codeOf(back(state, 'another browser'))).toBe('SIGN_IN_STALE')
  expect(await codeOf(back('another state', browser))).toBe('SIGN_IN_STALE')
  expect(await codeOf(back(state, browser, { key: 'other' }))).toBe('SIGN_IN_STALE')
  expect(await codeOf(back(state, browser, { again: true }))).toBe('SIGN_IN_STALE')
  const tries = await Promise.all([1, 2, 3].map(() => codeOf(back(state, browser))))
  expect(tries.sort()).toEqual(['SIGN_IN_STALE', 'SIGN_IN_STALE', 'done'])
  const late = await out()
  await home.as('kernel', ({ tx }) => tx.query('update {t}.sign_in_opening set expires_at = clock_timestamp()'))
  expect(await codeOf(back(late.state, late.browser))).toBe('SIGN_IN_STALE')
  await home.as('kernel', ({ tx }) => sweepOpenings(tx))
  expect(await home.rows('select from {t}.sign_in_opening')).toEqual([])
  const off = await out('other')
  await put({ active: false }, 'chief', 'other')
  expect(await codeOf(back(off.state, off.browser, { key: 'other' }))).toBe('SIGN_IN_STALE')
  // What is kept is of no use to who reads the table.
  expect((await home.rows<{ text: string }>('select sign_in_opening::text as text from {t}.sign_in_opening')).every(({ text }) => !text.includes(off.state) && !text.includes(off.browser))).toBe(true)
})

test('B51 by verified address the first time, by subject from then on', async () => {
  expect(await memberBy(person('s-reader', { email: 'Reader@Office.example' }))).toBe(home.ids.reader)
  await home.as('chief', (ctx) => updateMember(ctx, home.ids.reader, { email: 'married@office.example', phone: '13800138009' }))
  expect(await memberBy(person('s-reader', { email: 'Reader@Office.example' }))).toBe(home.ids.reader)
  expect(await codeOf(through(person('s-else', { email: 'married@office.example' })))).toBe('SIGN_IN_UNKNOWN')
  expect(await lastSignIn()).toMatchObject({ because: [null, 'another account'] })
  await home.as('chief', (ctx) => updateMember(ctx, home.ids.clerk, { phone: '13800138010' }))
  expect(await memberBy(person('s-clerk', { phone: '+86 138 0013 8010' }))).toBe(home.ids.clerk)
  expect(await home.as('kernel', ({ tx }) => linkedMembers(tx, 'acme'))).toMatchObject([{ name: 'clerk' }, { name: 'reader' }])
  expect((await home.rows<{ fields: unknown }>(`select fields from {t}.change where object = 'system:member' and fields ? 'company_account' order by seq desc limit 1`))[0]!.fields).toEqual({ company_account: [null, 'Acme 账号'] })
})

test('B52 members only, unless it may make them; no address of other domains', async () => {
  expect(await codeOf(through(person('s-new', { email: 'new@acme.example' })))).toBe('SIGN_IN_UNKNOWN')
  await put({ admits: 'created', domains: ['@Acme.example'], role: 'reader', team: home.team })
  const id = await memberBy(person('s-new', { email: 'New@acme.example', name: '新来的' }))
  expect((await home.as('chief', listMembers)).find((each) => each.id === id)).toMatchObject({ name: '新来的', email: 'new@acme.example', roles: ['reader'], team: home.team, invited: false })
  for (const who of [person('s-far', { email: 'new@evil.example' }), person('s-sub', { email: 'new@sub.acme.example' }), person('s-none'), person('s-new', { phone: '13800138010' })]) expect(await codeOf(through(who))).toBe('SIGN_IN_UNKNOWN')
  // Two at once make one member.
  const twice = await Promise.all([1, 2].map(() => memberBy(person('s-twice', { email: 'twice@acme.example' }))))
  expect(twice[0]).toBe(twice[1])
  for (const [wrong, code] of [[{ domains: [] }, 'VALUE_REQUIRED'], [{ role: null }, 'VALUE_REQUIRED'], [{ role: 'nobody' }, 'VALUE_INVALID'], [{ team: 999 }, 'VALUE_INVALID'], [{ domains: ['acme'] }, 'VALUE_INVALID'], [{ issuer: 'ftp://acme.example' }, 'VALUE_INVALID']] as const) expect(await codeOf(put({ admits: 'created', domains: ['acme.example'], role: 'reader', ...wrong }))).toBe(code)
  await put()
})

test('B53 refused alike, the log says why; a sign-in says by which provider', async () => {
  const { id } = await home.as('chief', (ctx) => createMember(ctx, { name: 'left', email: 'left@office.example', roles: ['reader'] }))
  const { token } = await through(person('s-left', { email: 'left@office.example' }))
  expect(await lastSignIn()).toEqual({ sign_in: [null, 'done'], through: [null, 'Acme 账号'] })
  await home.as('chief', (ctx) => updateMember(ctx, id, { state: 'suspended' }))
  expect(await codeOf(through(person('s-left', { email: 'left@office.example' })))).toBe('SIGN_IN_UNKNOWN')
  expect(await lastSignIn()).toEqual({ sign_in: [null, 'refused'], account: [null, 'lef＊＊＊le'], through: [null, 'Acme 账号'], because: [null, 'suspended'] })
  expect(await home.rows('select from {t}.session where hash = sha256($1::bytea)', [Buffer.from(token)])).toEqual([])
  expect(await codeOf(through(person('s-nobody', { email: 'who@office.example' })))).toBe('SIGN_IN_UNKNOWN')
  expect(await lastSignIn()).toMatchObject({ because: [null, 'unknown'] })
  // Suspended between proof and entry.
  await home.as('chief', (ctx) => updateMember(ctx, id, { state: 'active' }))
  const { state, browser } = await out()
  const { provider } = await back(state, browser)
  const member = await memberOf(home.db, home.tenant, { provider, state, person: person('s-left', { email: 'left@office.example' }) }, FACTS)
  await home.as('chief', (ctx) => updateMember(ctx, id, { state: 'suspended' }))
  expect(await codeOf(enter(home.db, home.tenant, { state, member, code: undefined }, FACTS))).toBe('SIGN_IN_STALE')
})

test('B54 a second factor is asked for as ever, and set up without a password soon after coming in', async () => {
  const begin = (member: number, session: string | null, password?: string) => codeOf(beginTwoFactor(home.db, home.tenant, member, { password, session }))
  await put({ admits: 'created', domains: ['acme.example'], role: 'reader' })
  const fresh = await through(person('s-fresh', { email: 'fresh@acme.example' }))
  expect(await begin(fresh.member, fresh.token)).toBe('done')
  expect(await begin(home.ids.clerk, (await through(person('s-clerk', { phone: '13800138010', email: 'clerk@acme.example' }))).token)).toBe('PASSWORD_WRONG')
  await home.as('kernel', ({ tx }) => tx.query(`update {t}.session set created_at = created_at - interval '11 minutes'`))
  expect(await begin(fresh.member, fresh.token)).toBe('SIGN_IN_AGAIN')
  await home.as('kernel', ({ tx }) => tx.query('update {t}.two_factor set confirmed_at = clock_timestamp() where member = $1', [fresh.member]))
  const { state, browser } = await out()
  const { provider } = await back(state, browser)
  const member = await memberOf(home.db, home.tenant, { provider, state, person: person('s-fresh', { email: 'fresh@acme.example' }) }, FACTS)
  const sessions = () => home.rows('select from {t}.session where member = $1', [member])
  const before = await sessions()
  expect(await codeOf(enter(home.db, home.tenant, { state, member, code: undefined }, FACTS))).toBe('SECOND_FACTOR_REQUIRED')
  expect(await codeOf(back(state, browser))).toBe('SIGN_IN_STALE')
  expect((await back(state, browser, { again: true })).member).toBe(member)
  expect(await codeOf(enter(home.db, home.tenant, { state, member, code: '000000' }, FACTS))).toBe('SECOND_FACTOR_WRONG')
  expect(await sessions()).toEqual(before)
  await home.as('kernel', ({ tx }) => tx.query('delete from {t}.two_factor where member = $1', [fresh.member]))
  expect(await codeOf(enter(home.db, home.tenant, { state, member, code: undefined }, FACTS))).toBe('done')
  expect(await codeOf(back(state, browser, { again: true }))).toBe('SIGN_IN_STALE')
  await put()
})

test('B55 connected only by whoever reaches as far as everybody; its secret is not shown, and subjects belong to their issuer', async () => {
  expect(await codeOf(put({}, 'reader'))).toBe('FORBIDDEN')
  expect(await codeOf(put({}, 'clerk'))).toBe('GRANT_EXCEEDS_OWN')
  expect(await codeOf(home.as('clerk', (ctx) => removeProvider(ctx, 'acme')))).toBe('GRANT_EXCEEDS_OWN')
  const shown = async () => (await home.as('kernel', ({ tx }) => listProviders(tx))).find(({ key }) => key === 'acme')!
  expect(await shown()).toMatchObject({ secret: true, issuer: 'https://id.acme.example/' })
  expect(JSON.stringify(await shown())).not.toContain('geheim')
  expect(JSON.stringify(await home.rows(`select fields from {t}.change where object = 'system:sign_in_provider'`))).not.toContain('geheim')
  await put({ secret: undefined, name: 'Acme' })
  expect((await home.db.read(home.tenant, (tx) => providerInUse(tx, { key: 'acme' })))).toMatchObject({ name: 'Acme', secret: 'geheim' })
  expect((await shown()).linked).toBeGreaterThan(0)
  await put({ issuer: 'https://id.other.example/.well-known/openid-configuration' })
  expect(await shown()).toMatchObject({ issuer: 'https://id.other.example', linked: 0 })
  await home.as('chief', (ctx) => removeProvider(ctx, 'other'))
  expect((await home.as('kernel', ({ tx }) => listProviders(tx))).map(({ key }) => key)).toEqual(['acme'])
})

test('B56 parted by whoever may edit the member, which ends their sessions; nobody changes the address that they are known by', async () => {
  const { member, token } = await through(person('s-clerk-2', { email: 'clerk@office.example' }))
  expect(await codeOf(home.as('clerk', (ctx) => unlink(ctx, 'acme', home.ids.chief)))).toBe('GRANT_EXCEEDS_OWN')
  await home.as('chief', (ctx) => unlink(ctx, 'acme', member))
  expect(await sessionOf(home.db, home.tenant, token)).toBeNull()
  expect(await codeOf(home.as('chief', (ctx) => unlink(ctx, 'acme', member)))).toBe('NOT_FOUND')
  expect(await memberBy(person('s-clerk-3', { email: 'clerk@office.example' }))).toBe(home.ids.clerk)
  const change = (more: object) => codeOf(home.as('reader', (ctx) => updateProfile(ctx, home.ids.reader, more)))
  expect([await change({ email: 'boss@office.example' }), await change({ phone: '13900139000' }), await change({ name: '改名' })]).toEqual(['ADDRESS_NOT_OWN', 'ADDRESS_NOT_OWN', 'done'])
  await put({ active: false })
  expect(await change({ phone: '13900139000' })).toBe('done')
})
