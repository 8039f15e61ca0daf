import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refused } from '#contract'
import { kernelContext, memberContext } from '#kernel/access'
import { hashPassword, isSealed, stepOf, totpAt, vaultOf } from '#platform/crypto'
import { loadSolution } from '../../../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../../../test/tenant.ts'
import { answerLink, beginTwoFactor, confirmTwoFactor, createLink, createMember, devicesOf, endTwoFactor, listMembers, profileOf, providerInUse, renewRecovery, resetTwoFactor, sealSecrets, sessionOf, setPassword, signIn, twoFactorOf } from './index.ts'

const PASSWORD = '山高月小水落石出 26'
const FACTS = { ip: '10.0.0.9', agent: 'test', id: 'r', lang: 'zh' as const }
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const decoded = (text: string): Buffer => Buffer.from([...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g)!.map((bits) => Number.parseInt(bits, 2)))

let home: FreshTenant
let member: number
let hashed: Promise<string> | undefined
beforeEach(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  const hash = await (hashed ??= hashPassword(PASSWORD))
  member = await kernel(async (ctx) => {
    const { id } = await createMember(ctx, { name: '李娜', email: 'lina@example.cn', roles: ['sales'] })
    await setPassword(ctx, id, hash, { keep: null })
    return id
  })
})
afterEach(() => home.drop())

type Ctx = Awaited<ReturnType<typeof kernelContext>>
const kernel = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
const herself = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> => home.db.mutate(home.tenant, async (tx) => work(await memberContext(tx, member, FACTS)))
const enter = (code?: string, password = PASSWORD) => signIn(home.db, home.tenant, { account: 'lina@example.cn', password, code }, FACTS)
const said = (work: Promise<unknown>) => work.then(() => 'in', (error: unknown) => (error instanceof Refused ? error.refusal.code : String(error)))
const rows = <R>(text: string) => home.db.read(home.tenant, (tx) => tx.query<R>(text))
/** The code of the phone. */
const codeOf = (secret: Buffer, shift = 0) => totpAt(secret, stepOf(Date.now()) + shift)
const unused = async (secret: Buffer): Promise<string> => { await home.db.mutate(home.tenant, (tx) => tx.query('update {t}.two_factor set last_step = null')); return codeOf(secret) }

async function enrolled(session: string | null = null): Promise<{ secret: Buffer; recovery: string[] }> {
  const { secret } = await beginTwoFactor(home.db, home.tenant, member, { password: PASSWORD, session: null })
  const recovery = await herself((ctx) => confirmTwoFactor(ctx, member, { code: codeOf(decoded(secret)), session }))
  return { secret: decoded(secret), recovery }
}

test('B40 in force once a code was entered: then the password alone opens nothing', async () => {
  const [here, there] = [await enter(), await enter()]
  expect(await said(beginTwoFactor(home.db, home.tenant, member, { password: 'falsch', session: null }))).toBe('PASSWORD_WRONG')
  const { secret, uri } = await beginTwoFactor(home.db, home.tenant, member, { password: PASSWORD, session: null })
  expect(uri).toMatch(/^otpauth:\/\/totp\/.*lina%40example\.cn\?secret=/)
  expect(await said(enter())).toBe('in')
  expect(await said(herself((ctx) => confirmTwoFactor(ctx, member, { code: '000000', session: here.token })))).toBe('SECOND_FACTOR_WRONG')
  const recovery = await herself((ctx) => confirmTwoFactor(ctx, member, { code: codeOf(decoded(secret)), session: here.token }))
  expect(recovery).toHaveLength(10)
  expect((await home.db.read(home.tenant, (tx) => devicesOf(tx, member, here.token))).map(({ current }) => current)).toEqual([true])
  expect(await sessionOf(home.db, home.tenant, there.token)).toBeNull()
  expect(await said(enter())).toBe('SECOND_FACTOR_REQUIRED')
  expect(await said(enter(codeOf(decoded(secret)), '错的密码 123'))).toBe('SIGN_IN_FAILED')
  expect(await said(enter(codeOf(decoded(secret), 1)))).toBe('in')
  const { token } = await home.db.mutate(home.tenant, (tx) => createLink(tx, 'reset', member))
  const link = (code?: string) => said(answerLink(home.db, home.tenant, { token, password: '另一个很长的密码 88', code }, ['reset'], FACTS))
  expect(await link()).toBe('SECOND_FACTOR_REQUIRED')
  expect(await link(recovery[0])).toBe('in')
  expect(await said(beginTwoFactor(home.db, home.tenant, member, { password: '另一个很长的密码 88', session: null }))).toBe('SECOND_FACTOR_ON')
})

test('B41 a code once, a recovery code once, and five wrong ones lock it', async () => {
  const { secret, recovery } = await enrolled()
  expect(await said(enter(codeOf(secret)))).toBe('SECOND_FACTOR_WRONG')
  expect(await said(enter(` ${(await unused(secret)).slice(0, 3)} ${codeOf(secret).slice(3)} `))).toBe('in')
  expect(await said(enter(codeOf(secret)))).toBe('SECOND_FACTOR_WRONG')
  expect([await said(enter(recovery[3]!.toUpperCase())), await said(enter(recovery[3])), await said(enter(recovery[4]!.replace('-', '')))]).toEqual(['in', 'SECOND_FACTOR_WRONG', 'in'])
  expect(JSON.stringify(await rows('select recovery::text from {t}.two_factor'))).not.toContain(recovery[5]!)
  const both = await unused(secret).then((code) => Promise.all([said(enter(code)), said(enter(code))]))
  expect(both.toSorted()).toEqual(['SECOND_FACTOR_WRONG', 'in'])
  await home.db.mutate(home.tenant, (tx) => tx.query('update {t}.two_factor set failures = 0'))
  for (let i = 0; i < 5; i++) expect(await said(enter('000000'))).toBe('SECOND_FACTOR_WRONG')
  expect([await said(enter(await unused(secret))), await said(enter(recovery[6]))]).toEqual(['SECOND_FACTOR_LOCKED', 'SECOND_FACTOR_LOCKED'])
  await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.two_factor set locked_until = clock_timestamp() - interval '1 second'`))
  expect(await said(enter(await unused(secret)))).toBe('in')
  const fresh = await renewRecovery(home.db, home.tenant, member, { code: recovery[7]!, facts: FACTS })
  expect([await said(enter(recovery[8])), await said(enter(fresh[0]))]).toEqual(['SECOND_FACTOR_WRONG', 'in'])
})

test('B42 where a role asks for it', async () => {
  const asks = (on: boolean) => home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.definition set body = jsonb_set(body, '{secondFactor}', $1) where kind = 'role' and key = 'sales'`, [String(on)]))
  await asks(true)
  const { token } = await enter()
  expect(await sessionOf(home.db, home.tenant, token)).toMatchObject({ mustEnroll: true })
  expect(await herself((ctx) => profileOf(ctx, member))).toMatchObject({ mustEnroll: true })
  const { secret } = await enrolled(token)
  expect(await sessionOf(home.db, home.tenant, token)).toMatchObject({ mustEnroll: false })
  expect(await said(endTwoFactor(home.db, home.tenant, member, { password: PASSWORD, session: null, code: await unused(secret), facts: FACTS }))).toBe('SECOND_FACTOR_NEEDED')
  await asks(false)
  expect(await said(endTwoFactor(home.db, home.tenant, member, { password: PASSWORD, session: null, code: await unused(secret), facts: FACTS }))).toBe('in')
  expect(await home.db.read(home.tenant, (tx) => twoFactorOf(tx, member))).toMatchObject({ on: false, recoveryLeft: 0 })
  expect(await said(enter())).toBe('in')
})

test('B43 reset by whoever manages members; all of it in the log, no code and no secret', async () => {
  const { recovery } = await enrolled()
  const { token } = await enter(recovery[0])
  expect(await kernel(listMembers)).toMatchObject([{ twoFactor: true }])
  expect(await kernel((ctx) => resetTwoFactor(ctx, member))).toBe(true)
  expect(await kernel((ctx) => resetTwoFactor(ctx, member))).toBe(false)
  expect(await sessionOf(home.db, home.tenant, token)).toBeNull()
  expect(await said(enter())).toBe('in')
  const log = await rows<{ fields: Record<string, unknown>; actor_kind: string }>(`select c.fields, a.actor_kind from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:member' and (c.fields ? 'two_factor' or c.fields ? 'recovery_codes') order by c.seq`)
  expect(log).toEqual([{ fields: { two_factor: [false, true] }, actor_kind: 'member' }, { fields: { recovery_codes: [10, 9] }, actor_kind: 'member' }, { fields: { two_factor: [true, false] }, actor_kind: 'system' }])
})

test('B45 the secret lies sealed in the table, an older one is sealed at the start; without the key a recovery code still opens', async () => {
  const stored = async () => (await rows<{ secret: Buffer }>('select secret from {t}.two_factor'))[0]!.secret
  const store = (secret: Buffer) => home.db.mutate(home.tenant, (tx) => tx.query('update {t}.two_factor set secret = $1, last_step = null', [secret]))
  const { secret, recovery } = await enrolled()
  const first = await stored()
  expect([isSealed(first), first.includes(secret)]).toEqual([true, false])
  expect(await home.db.mutate(home.tenant, sealSecrets)).toEqual({ sealed: 0, unreadable: 0 })
  await store(secret)
  expect(await said(enter(await unused(secret)))).toBe('in')
  expect(await home.db.mutate(home.tenant, sealSecrets)).toEqual({ sealed: 1, unreadable: 0 })
  expect(isSealed(await stored())).toBe(true)
  expect(await said(enter(await unused(secret)))).toBe('in')
  await store(vaultOf([Buffer.alloc(32, 7)]).seal(secret, 'another house'))
  expect(await home.db.mutate(home.tenant, sealSecrets)).toEqual({ sealed: 0, unreadable: 1 })
  expect([await said(enter(codeOf(secret))), await said(enter(recovery[1]))]).toEqual(['SECOND_FACTOR_WRONG', 'in'])
  await kernel((ctx) => ctx.tx.query(`insert into {t}.sign_in_provider (key, name, issuer, client_id, secret, admits, active, made_at) values ('p', 'P', 'https://p.example', 'c', 'open words', 'matched', true, clock_timestamp())`))
  expect((await home.db.mutate(home.tenant, sealSecrets)).sealed).toBe(1)
  const [provider] = await rows<{ secret: Buffer }>('select secret from {t}.sign_in_provider')
  expect([isSealed(provider!.secret), (await home.db.read(home.tenant, (tx) => providerInUse(tx, { key: 'p' })))!.secret]).toEqual([true, 'open words'])
})
