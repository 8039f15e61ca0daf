import { afterAll, beforeAll, expect, test } from 'vitest'
import { setTimeout as pause } from 'node:timers/promises'
import { publish } from '#kernel/metadata'
import { DEFINITION_KINDS } from '#language/definitions'
import { vaultOf } from '#platform/crypto'
import { rootKeys, sealRoot, signingRoot, type Tx } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'
import { type Channel, dispatch, holdRestored, keepBack, releaseRestored, groupedNotices, letGo, markRead, nextDue, type NoticeDraft, noticesOf, outboxOf, post, type Result, retry, sendAll, settlementOf, changeSigningKey, signingKeys, tell, unreadCount, watchNotices, lease, sentAbout, sentByKeys, settle, standingOf } from './index.ts'

let home: FreshTenant
beforeAll(async () => { home = await freshTenant() })
afterAll(() => home.drop())
const mutate = <T>(work: (tx: Tx) => Promise<T>) => home.db.mutate(home.tenant, work)
const read = <T>(work: (tx: Tx) => Promise<T>) => home.db.read(home.tenant, work)

const notice = (member: number, event: number, more: Partial<NoticeDraft> = {}): NoticeDraft => ({ member, kind: 'k', title: `t${event}`, body: null, object: null, record: null, groupKey: 'k:today', event, rule: 'r', ...more })
let keys = 0
const message = (more: { channel?: string; rule?: string | null } = {}) => ({ channel: 'fake', key: `key${++keys}`, body: { n: keys }, event: 1, rule: null, ...more })

/** Says what it is told to say, in turn; the last one again and again. */
function saying(...results: (Result | Error)[]): Channel & { heard: { key: string; attempt: number }[] } {
  const heard: { key: string; attempt: number }[] = []
  return { idempotent: true, heard, send: async ({ key, attempt }) => {
    heard.push({ key, attempt })
    const result = results.length > 1 ? results.shift()! : results[0]!
    if (result instanceof Error) throw result
    return result
  } }
}
const send = (channel: Channel) => dispatch(home.db, home.tenant, { fake: channel }, () => 0)
const stateOf = async (key: string) => (await read((tx) => outboxOf(tx, { states: ['ready', 'held', 'sent', 'sent_unknown', 'dead'] }))).find((row) => row.key === key)
const DELIVERED: Result = { is: 'delivered' }

test('O1 the same cause tells a member once', async () => {
  await mutate((tx) => tell(tx, [notice(1, 1), notice(2, 1)]))
  await mutate((tx) => tell(tx, [notice(1, 1), notice(1, 2)]))
  expect(await read((tx) => noticesOf(tx, { member: 1, limit: 9 }))).toMatchObject([{ title: 't2' }, { title: 't1', readAt: null }])
})

test('O2 one’s own messages: counted, grouped, read', async () => {
  await mutate((tx) => tell(tx, [1, 2, 3].map((event) => notice(7, event)).concat(notice(7, 4, { groupKey: null }), notice(8, 1))))
  expect(await read((tx) => unreadCount(tx, 7))).toBe(4)
  expect(await read((tx) => groupedNotices(tx, 7))).toMatchObject([{ key: null, count: 1 }, { key: 'k:today', count: 3, unread: 3, newest: { title: 't3' } }])
  const [others] = await read((tx) => noticesOf(tx, { member: 8, limit: 1 }))
  expect(await mutate((tx) => markRead(tx, 7, { ids: [others!.id] }))).toBe(0)
  expect(await mutate((tx) => markRead(tx, 7, { group: 'k:today' }))).toBe(3)
  expect(await mutate((tx) => markRead(tx, 7, 'all'))).toBe(1)
  expect([await read((tx) => unreadCount(tx, 7)), await read((tx) => unreadCount(tx, 8))]).toEqual([0, 1])
  const [newest] = await read((tx) => noticesOf(tx, { member: 7, limit: 1 }))
  expect(await read((tx) => noticesOf(tx, { member: 7, before: newest!.id, limit: 9 }))).toHaveLength(3)
})

test('O3 left once per key, with its transaction; those who listen hear of it after the commit', async () => {
  const heard: boolean[] = []
  const stop = watchNotices(({ outbox }) => heard.push(outbox))
  const [draft, channel] = [message(), saying(DELIVERED)]
  await mutate(async (tx) => { await post(tx, [draft]); throw new Error('no') }).catch(() => {})
  expect([await send(channel), heard]).toEqual([0, []])
  await mutate((tx) => post(tx, [draft, draft]))
  stop()
  expect([await send(channel), heard, channel.heard]).toEqual([1, [true], [{ key: draft.key, attempt: 1 }]])
})

test('O4 O5 a lease that ended passes to another, and the slow one’s word settles nothing', async () => {
  const draft = message()
  await mutate((tx) => post(tx, [draft]))
  const [slow] = await mutate((tx) => lease(tx, 1))
  expect(await mutate((tx) => lease(tx, 1))).toEqual([])
  await mutate((tx) => tx.query(`update {t}.outbox set next_at = clock_timestamp(), lease_until = clock_timestamp() where key = $1`, [draft.key]))
  const [twin] = await mutate((tx) => lease(tx, 1))
  expect([slow!.attempts, twin!.attempts, twin!.key]).toEqual([1, 2, draft.key])
  const dead = { state: 'dead' as const, delayMs: 0, result: { is: 'refused' as const, reason: 'x' } }
  expect(await mutate((tx) => settle(tx, slow!, dead))).toBe(false)
  expect(await mutate((tx) => settle(tx, twin!, { ...dead, state: 'sent', result: DELIVERED }))).toBe(true)
  expect(await stateOf(draft.key)).toMatchObject({ state: 'sent', attempts: 2, last: { result: 'delivered' } })
})

test('O6 no for good, not now, and yes', async () => {
  const [refused, later] = [message(), message()]
  await mutate((tx) => post(tx, [refused]))
  await send(saying({ is: 'refused', reason: 'HTTP 404' }))
  expect(await stateOf(refused.key)).toMatchObject({ state: 'dead', last: { result: 'refused', detail: { reason: 'HTTP 404' } } })
  await mutate((tx) => post(tx, [later]))
  const channel = saying({ is: 'later', reason: 'HTTP 503' }, { is: 'later', reason: 'HTTP 429', afterMs: 150 }, DELIVERED)
  expect([await send(channel), await send(channel), await send(channel)]).toEqual([1, 1, 0])
  expect(await read((tx) => nextDue(tx))).toBeGreaterThan(0)
  await pause(200)
  expect([await send(channel), channel.heard.map(({ attempt }) => attempt), (await stateOf(later.key))!.state]).toEqual([1, [1, 2, 3], 'sent'])
})

test('O6 waits grow to six hours, with full jitter, and end after twelve attempts', () => {
  const wait = (attempts: number, random: number) => settlementOf({ is: 'later', reason: '' }, { attempts, idempotent: true, random: () => random })
  expect([wait(1, 1).delayMs, wait(3, 1).delayMs, wait(3, 0.25).delayMs, wait(11, 1).delayMs]).toEqual([4_000, 16_000, 4_000, 4_096_000])
  expect([wait(11, 1).state, wait(12, 1).state]).toEqual(['ready', 'dead'])
  expect(settlementOf({ is: 'later', reason: '', afterMs: 9e6 }, { attempts: 1, idempotent: true, random: () => 0 }).delayMs).toBe(9e6)
})

test('O7 doubt: again where repetitions are told apart, else a person looks', async () => {
  const [safe, unsafe] = [message(), message()]
  await mutate((tx) => post(tx, [safe]))
  await send(saying(new Error('broke off')))
  expect(await stateOf(safe.key)).toMatchObject({ state: 'ready', last: { result: 'unknown' } })
  await send(saying(DELIVERED))
  await mutate((tx) => post(tx, [unsafe]))
  await send({ ...saying(new Error('broke off')), idempotent: false })
  expect(await stateOf(unsafe.key)).toMatchObject({ state: 'sent_unknown', last: { detail: { reason: 'broke off' } } })
})

test('O8 a missing channel keeps the message, and says so', async () => {
  const draft = message({ channel: 'fax' })
  await mutate((tx) => post(tx, [draft]))
  await send(saying(DELIVERED))
  expect(await stateOf(draft.key)).toMatchObject({ state: 'ready', last: { result: 'missing', detail: { reason: 'no channel fax' } } })
  await mutate((tx) => tx.query(`update {t}.outbox set next_at = clock_timestamp() where key = $1`, [draft.key]))
  await dispatch(home.db, home.tenant, { fax: saying(DELIVERED) })
  expect((await stateOf(draft.key))!.state).toBe('sent')
})

/** Its lease is over, and nobody has said what came of it. */
const overdue = (key: string) => mutate((tx) => tx.query(`update {t}.outbox set next_at = clock_timestamp() where key = $1`, [key]))
/** A database whose n-th writing transaction fails. */
const failing = (n: number) => {
  let count = 0
  return { ...home.db, mutate: ((tenant, work) => (count++ === n ? Promise.reject(new Error('away')) : home.db.mutate(tenant, work))) as typeof home.db.mutate }
}

test('O7 what was sent and never settled is not sent again where repetitions are not told apart', async () => {
  const draft = message()
  await mutate((tx) => post(tx, [draft]))
  const channel = { ...saying(DELIVERED), idempotent: false }
  await expect(dispatch(failing(1), home.tenant, { fake: channel })).rejects.toThrow('away')
  await overdue(draft.key)
  await dispatch(home.db, home.tenant, { fake: channel })
  expect([channel.heard.length, await stateOf(draft.key)]).toMatchObject([1, { state: 'sent_unknown', last: { result: 'unknown' } }])
})

test('O4 one that fails ends no other: all of a lease have been tried before it is over', async () => {
  const drafts = [message(), message(), message()]
  await mutate((tx) => post(tx, drafts))
  const slow: Channel = { idempotent: true, send: async ({ key }) => { await pause(key === drafts[0]!.key ? 0 : 100); return DELIVERED } }
  await expect(dispatch(failing(1), home.tenant, { fake: slow })).rejects.toThrow('away')
  expect((await Promise.all(drafts.map(async ({ key }) => (await stateOf(key))!.state)))).toEqual(['ready', 'sent', 'sent'])
  await overdue(drafts[0]!.key)
  await dispatch(home.db, home.tenant, { fake: slow })
  expect((await stateOf(drafts[0]!.key))!.state).toBe('sent')
})

test('O8 however long a channel is missing: one note, no attempt, and nobody else waits', async () => {
  const [draft, other] = [message({ channel: 'fax' }), message()]
  await mutate((tx) => post(tx, [draft]))
  await mutate((tx) => tx.query('update {t}.outbox set attempts = 32767 where key = $1', [draft.key]))
  await mutate((tx) => post(tx, [other]))
  await send(saying(DELIVERED))
  expect((await stateOf(other.key))!.state).toBe('sent')
  await mutate((tx) => tx.query('update {t}.outbox set attempts = 0 where key = $1', [draft.key]))
  await mutate((tx) => tx.query('delete from {t}.delivery where key = $1', [draft.key]))
  for (let minute = 0; minute < 14; minute++) { await overdue(draft.key); await send(saying(DELIVERED)) }
  expect([await stateOf(draft.key), await read((tx) => tx.query('select attempt, result from {t}.delivery where key = $1', [draft.key]))]).toMatchObject([{ state: 'ready', attempts: 0 }, [{ attempt: 1, result: 'missing' }]])
  await overdue(draft.key)
  await dispatch(home.db, home.tenant, { fax: saying({ is: 'later', reason: 'busy' }) }, () => 0)
  expect(await stateOf(draft.key)).toMatchObject({ state: 'ready', attempts: 1, last: { result: 'later' } })
  await dispatch(home.db, home.tenant, { fax: saying(DELIVERED) })
  expect((await stateOf(draft.key))!.state).toBe('sent')
})

const author = (tx: Tx) => ({ tx, actor: { kind: 'system' as const, reason: 'test' } })
const hook = (key: string) => DEFINITION_KINDS.rule.parse({ key, label: { zh: '钩', en: 'Hook' }, trigger: { on: 'created', object: 'thing' }, condition: { all: [] }, priority: 1, actions: [{ do: 'webhook', url: 'https://example.com/' }] })
/** Null removes it. */
const switched = (key: string, state: 'active' | 'paused' | 'template' | null) => mutate(async (tx) => {
  await publish(author(tx), 'object', 'thing', { key: 'thing', label: { zh: '物', en: 'Thing' }, title: 'name', fields: [{ key: 'name', label: { zh: '名', en: 'Name' }, kind: 'text' }] })
  const result = await publish(author(tx), 'rule', key, state && hook(key), state ? { state } : {})
  if (!result.ok) throw new Error(JSON.stringify(result.refusals))
})

test.each(['paused', 'template'] as const)('O9 O10 what a rule left that is %s is held, and can be let go', async (state) => {
  const [rule, channel] = [`hook_${state}`, saying(DELIVERED)]
  await switched(rule, state)
  const draft = message({ rule })
  await mutate((tx) => post(tx, [draft]))
  await send(channel)
  expect([channel.heard, await stateOf(draft.key)]).toMatchObject([[], { state: 'held', attempts: 0 }])
  expect(await mutate((tx) => letGo(tx, [rule]))).toBe(0)
  await switched(rule, 'active')
  expect(await mutate((tx) => retry(tx, [1_000_000]))).toBe(0)
  expect(await mutate((tx) => letGo(tx, []))).toBe(1)
  await send(channel)
  expect([channel.heard, (await stateOf(draft.key))!.state]).toEqual([[{ key: draft.key, attempt: 1 }], 'sent'])
})

test('O9 O32 what a removed rule left is not sent, was it held or not, and says why', async () => {
  const [held, waiting, channel] = [message({ rule: 'going' }), message({ rule: 'going' }), saying(DELIVERED)]
  await switched('going', 'paused')
  await mutate((tx) => post(tx, [held]))
  await send(channel)
  await switched('going', null)
  await mutate((tx) => letGo(tx, []))
  await mutate((tx) => post(tx, [waiting]))
  await send(channel)
  const stands = await read((tx) => sentByKeys(tx, [held.key, waiting.key]))
  expect([channel.heard, [...stands.values()].map(({ state, attempts, reason }) => [state, attempts, reason!.includes('removed')])]).toEqual([[], [['cancelled', 0, true], ['cancelled', 0, true]]])
})

test('O9 a rule that is switched on while its message is being held: it goes', async () => {
  await switched('late', 'paused')
  const [draft, channel] = [message({ rule: 'late' }), saying(DELIVERED)]
  await mutate((tx) => post(tx, [draft]))
  let count = 0
  // The second writing transaction is the one that holds it: it has begun when somebody switches the rule on, and lets go what is held.
  const meanwhile: typeof home.db.mutate = (tenant, work) => home.db.mutate(tenant, async (tx) => {
    if (++count === 2) { await switched('late', 'active'); await mutate((other) => letGo(other, [])) }
    return work(tx)
  })
  await dispatch({ ...home.db, mutate: meanwhile }, home.tenant, { fake: channel })
  await send(channel)
  expect([channel.heard.length, (await stateOf(draft.key))!.state]).toEqual([1, 'sent'])
})

test('O33 what came back with a backup waits for its release', async () => {
  await switched('back', 'active')
  const [mail, hook] = [message(), message({ rule: 'back' })]
  await mutate((tx) => post(tx, [mail, { ...hook, owner: 3 }]))
  expect(await mutate(holdRestored)).toBe(2)
  expect(await mutate((tx) => letGo(tx, []))).toBe(0)
  await mutate((tx) => keepBack(tx, { member: 3, until: null, paused: [] }))
  expect([await send(saying(DELIVERED)), (await read((tx) => sentByKeys(tx, [hook.key]))).get(hook.key)?.state]).toEqual([0, 'restored'])
  await mutate(async (tx) => retry(tx, [(await stateOf(mail.key))!.id]))
  expect([await send(saying(DELIVERED)), await mutate(releaseRestored), await send(saying(DELIVERED)), (await stateOf(hook.key))!.state]).toEqual([1, 1, 1, 'sent'])
})

test('O10 a dead message is tried again with its key', async () => {
  const draft = message()
  await mutate((tx) => post(tx, [draft]))
  await send(saying({ is: 'refused', reason: 'HTTP 410' }))
  const { id } = (await stateOf(draft.key))!
  expect(await mutate((tx) => retry(tx, [id]))).toBe(1)
  const channel = saying(DELIVERED)
  await send(channel)
  expect(channel.heard).toEqual([{ key: draft.key, attempt: 2 }])
})

test('O11 several dispatchers at once send everything once', async () => {
  const drafts = Array.from({ length: 60 }, () => message())
  await mutate((tx) => post(tx, drafts))
  const channel = saying(DELIVERED)
  await Promise.all([1, 2, 3].map(async () => { while ((await send(channel)) > 0); }))
  expect(channel.heard.map(({ key }) => key).toSorted()).toEqual(drafts.map(({ key }) => key).toSorted())
})

test('O32 how a message stands is told beside its record and by its key; its address stays hidden', async () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  const about = (n: number) => ({ ...message(), key: `about:${n}`, channel: 'webhook', body: { url: `https://hook.example/secret-${n}` }, about: { object: 'parcel', id } })
  const stands = async () => (await read((tx) => sentAbout(tx, id, { below: null, limit: 9 }))).map(({ key, state, to, reason }) => [key, state, to, reason])
  const answer = (result: Result) => dispatch(home.db, home.tenant, { webhook: saying(result) }, () => 0)
  await mutate((tx) => post(tx, [about(1)]))
  expect(await stands()).toEqual([['about:1', 'waiting', 'hook.example', null]])
  await answer({ is: 'delivered' })
  await mutate((tx) => post(tx, [about(2)]))
  await answer({ is: 'refused', reason: '410' })
  await mutate((tx) => post(tx, [about(3)]))
  await answer({ is: 'later', reason: '503', afterMs: 60_000 })
  expect(await stands()).toEqual([['about:3', 'retrying', 'hook.example', '503'], ['about:2', 'refused', 'hook.example', '410'], ['about:1', 'delivered', 'hook.example', null]])
  const [newest] = await read((tx) => sentAbout(tx, id, { below: null, limit: 1 }))
  expect((await read((tx) => sentAbout(tx, id, { below: newest!.id, limit: 9 }))).map(({ key }) => key)).toEqual(['about:2', 'about:1'])
  expect((await read((tx) => sentByKeys(tx, ['about:2', 'nothing']))).get('about:2')?.state).toBe('refused')
})

test.each([
  ['webhook', 'sent', 'delivered', 'delivered'], ['email', 'sent', 'delivered', 'unconfirmed'], ['email', 'sent_unknown', 'unknown', 'unknown'], ['webhook', 'ready', 'unknown', 'unknown'],
  ['webhook', 'ready', 'missing', 'missing'], ['webhook', 'held', null, 'held'], ['webhook', 'dead', 'later', 'failed'], ['webhook', 'dead', 'unknown', 'unknown'],
] as const)('O32 %s %s after %s: %s', (channel, state, last, stands) => {
  expect(standingOf({ channel, state, last })).toBe(stands)
})

test('O40 what the signing keys are made from is sealed: in no table is it found, nor are the keys; what was derived from it stays', async () => {
  const [before] = await read(signingKeys)
  const kept = await read(rootKeys)
  const secret = (await read(signingRoot))!
  const open = () => mutate((tx) => tx.query('update {t}.state set secret = $1, signing = null, inner_key = null, number_key = null, ledger_key = null, log_name = null', [secret]))
  const found = async () => read(async (tx) => {
    const tables = await tx.query<{ name: string }>('select table_name as name from information_schema.tables where table_schema = $1', [tx.tenant.schema])
    const hits = await Promise.all(tables.map(async ({ name }) => (await tx.query<{ n: number }>(`select count(*)::int as n from {t}."${name}" r where r::text like any($1)`, [[`%${secret.toString('hex')}%`, `%${before!.key}%`, `%${before!.key.slice(3)}%`]]))[0]!.n > 0 ? name : []))
    return hits.flat()
  })
  expect(await found()).toEqual([])
  await open()
  expect([await found(), (await read(signingKeys))[0]!.key, await read(rootKeys)]).toEqual([['state'], before!.key, kept])
  expect(await mutate(sealRoot)).toEqual({ sealed: 1, unreadable: 0 })
  expect([await found(), (await read(signingKeys))[0]!.key, await read(rootKeys), await mutate(sealRoot)]).toEqual([[], before!.key, kept, { sealed: 0, unreadable: 0 }])
  await mutate((tx) => tx.query('update {t}.state set signing = $1', [vaultOf([Buffer.alloc(32, 7)]).seal(secret, 'signing keys test')]))
  expect([await mutate(sealRoot), await read(rootKeys)]).toEqual([{ sealed: 0, unreadable: 1 }, kept])
  await expect(read(signingKeys)).rejects.toMatchObject({ refusal: { code: 'SECRETS_UNREADABLE' } })
  await open()
  await mutate(sealRoot)
})

test('O30 the signing key is the tenant’s own, stays, is changed, and the one before it is good for a day', async () => {
  const keys = async () => (await read(signingKeys)).map(({ key }) => key)
  const [first] = await keys()
  expect([await keys(), /^nm_[0-9a-f]{64}$/.test(first!)]).toEqual([[first], true])
  expect(await mutate((tx) => changeSigningKey(tx, 1))).toBe(2)
  const [second, old] = await keys()
  expect([second === first, old]).toEqual([false, first])
  expect((await read(signingKeys)).map(({ number, until }) => [number, until !== null])).toEqual([[2, false], [1, true]])
  await mutate((tx) => tx.query(`update {t}.signing_key set made_at = made_at - interval '25 hours'`))
  expect(await keys()).toEqual([second])
})

test('O34 a host that does not answer keeps nobody waiting, however much waits for it; when it answers all of it goes', async () => {
  const to = (host: string) => ({ ...message(), channel: 'webhook', body: { url: `https://${host}/in` } })
  const [stuck, live, mail] = [Array.from({ length: 40 }, () => to('stuck.example')), Array.from({ length: 9 }, () => to('live.example:8443')), Array.from({ length: 9 }, () => message({ channel: 'email' }))]
  await mutate((tx) => post(tx, stuck))
  const heard: string[] = []
  const answer = Promise.withResolvers<void>()
  const channels = {
    webhook: { idempotent: true, send: async ({ key, body }: { key: string; body: Record<string, unknown> }) => { heard.push(key); if (String(body['url']).includes('stuck')) await answer.promise; return DELIVERED } },
    email: { idempotent: false, send: async ({ key }: { key: string }) => { heard.push(key); return DELIVERED } },
  }
  const sending = sendAll(home.db, home.tenant, channels, () => false)
  await expect.poll(() => heard.length).toBeGreaterThan(0)
  await mutate((tx) => post(tx, [...live, ...mail]))
  await expect.poll(() => [...live, ...mail].filter(({ key }) => heard.includes(key)).length, { timeout: 10_000 }).toBe(18)
  expect(stuck.filter(({ key }) => heard.includes(key)).length).toBeLessThan(8)
  answer.resolve()
  await sending
  expect(heard.toSorted()).toEqual([...stuck, ...live, ...mail].map(({ key }) => key).toSorted())
})

test('O34 O4 who sends stops after what is under way, and says what failed', async () => {
  const drafts = Array.from({ length: 30 }, () => message())
  await mutate((tx) => post(tx, drafts))
  const channel = saying(DELIVERED)
  await sendAll(home.db, home.tenant, { fake: channel }, () => channel.heard.length > 0)
  expect([channel.heard.length > 0, channel.heard.length < 30]).toEqual([true, true])
  await expect(sendAll(failing(1), home.tenant, { fake: channel }, () => false)).rejects.toThrow('away')
  await mutate((tx) => tx.query(`update {t}.outbox set next_at = clock_timestamp() where state = 'ready'`))
  await sendAll(home.db, home.tenant, { fake: channel }, () => false)
  expect((await Promise.all(drafts.map(async ({ key }) => (await stateOf(key))!.state))).every((state) => state === 'sent')).toBe(true)
})
