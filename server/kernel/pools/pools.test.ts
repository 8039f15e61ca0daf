import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelContext } from '#kernel/access'
import { drain } from '#kernel/automation'
import { publish } from '#kernel/metadata'
import { advanceClock, ids } from '#platform/db'
import { writeOrRefuse, type Intent } from '#kernel/records'
import type { Pooling } from '#language/definitions'
import { house, type House, type Person } from '../../api/testing/house.ts'
import { recycleIn } from '../../start/pools.ts'

const HOUR = 3_600_000
let home: House
let [sales, rival, admin, finance]: Person[] = []
let [open, ours, theirs] = ['', '', '']
beforeAll(async () => {
  home = await house();
  ({ sales, rival, admin, finance } = home.people)
  const pool = async (values: object) => (await home.ask(admin!, 'POST', '/api/v1/objects/pool/records', { values })).body.record.id as string
  const teams = (await home.ask(admin!, 'GET', '/api/v1/teams')).body.teams as { id: number }[]
  ours = await pool({ name: '华东公海', team: teams[0]!.id, daily_claims: 3, hold_limit: 100, protect_hours: 72 })
  theirs = await pool({ name: '财务的', members: [finance!.id], daily_claims: 10, hold_limit: 10, protect_hours: 0 })
  open = await pool({ name: '全公司', daily_claims: 1000, hold_limit: 1000, protect_hours: 0 })
})
afterAll(() => home.close())

const asKernel = <T>(work: (ctx: Awaited<ReturnType<typeof kernelContext>>) => Promise<T>): Promise<T> =>
  home.db.mutate(home.tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
const leads = async (count: number, values: object = {}, owner: number | null = null): Promise<string[]> => {
  const made = Array.from({ length: count }, (_, i): Intent & { id: string } => ({ op: 'create', object: 'lead', id: ids.next(), values: { name: `线索${i}`, phone: `1380013${String(8000 + i)}`, company: '云启', status: owner === null ? 'pool' : 'waiting', ...values }, owner }))
  await asKernel((ctx) => writeOrRefuse(ctx, made))
  return made.map(({ id }) => id)
}
const waiting = (pool: string, count = 1, values: object = {}) => leads(count, { pool, ...values })
const claim = (who: Person, pool: string, some: string[]) => home.ask(who, 'POST', '/api/v1/commands/claim', { object: 'lead', pool, ids: some })
const inside = (who: Person, pool: string, query = '') => home.ask(who, 'GET', `/api/v1/pools/lead/${pool}/records${query}`)
const read = async (who: Person, id: string) => (await home.ask(who, 'GET', `/api/v1/objects/lead/records/${id}`)).body.record
const release = (who: Person, id: string) => home.ask(who, 'POST', '/api/v1/commands/carry-out', { act: 'lead_release', ids: [id], reason: '换区域' })
const present = (ctx: Awaited<ReturnType<typeof kernelContext>>): Pooling => { const { version: _, ...body } = ctx.metadata.poolings.get('lead_pools')!; return structuredClone(body) }
const put = (change: (each: Pooling) => Pooling) => asKernel(async (ctx) => { const body = change(present(ctx)); return publish(ctx, 'pooling', body.key, body) })
const pooling = async (change: (each: Pooling) => Pooling) => expect(await put(change)).toMatchObject({ ok: true })

describe('entering', () => {
  it('P1 E14 what nobody can take goes to the pool of its region, and somebody is told where it waits', async () => {
    const capacity = (limit: number) => home.db.pool.query(`update "${home.tenant.schema}".member set capability = jsonb_set(capability, '{capacity}', to_jsonb($1::int))`, [limit])
    await capacity(0)
    const fresh = ids.next()
    await asKernel((ctx) => writeOrRefuse(ctx, [{ op: 'create', object: 'lead', id: fresh, values: { name: '无人可接', phone: '13800139900', company: '云启', region: '320500' }, owner: null }]))
    await drain(home.db, home.tenant)
    await capacity(40)
    expect((await read(admin!, fresh)).values).toMatchObject({ pool: ours, status: 'pool' })
    const told = await home.db.pool.query(`select title from "${home.tenant.schema}".notification where kind = 'nobody_available' and record = $1`, [fresh])
    expect(told.rows[0]?.title).toBe('线索「无人可接」无人可接，已进入华东公海')
  })

  it('P1 by team, by condition, and back again', async () => {
    const [a, b] = await leads(2, {}, sales!.id)
    const { body } = await release(sales!, a!)
    expect((await read(admin!, a!)).values).toMatchObject({ pool: ours, status: 'pool' })
    expect((await home.ask(sales!, 'POST', '/api/v1/commands/undo', { undo: body.undo })).body).toMatchObject({ changed: 1, kept: [] })
    expect((await read(sales!, a!)).values).toMatchObject({ owner: sales!.id, status: 'waiting' })
    await pooling((each) => ({ ...each, places: [{ when: { field: 'company', op: 'eq', value: '云启' }, pool: '全公司' }] }))
    await home.ask(admin!, 'POST', '/api/v1/commands/bulk', { object: 'lead', ids: [b], owner: null })
    expect((await read(admin!, b!)).values).toMatchObject({ pool: open, status: 'pool' })
    await pooling((each) => ({ ...each, places: [] }))
  })

  it('P1 taken back to be assigned anew, it waits in no pool', async () => {
    const [id] = await leads(1, {}, sales!.id)
    await asKernel((ctx) => writeOrRefuse(ctx, [{ op: 'update', object: 'lead', id: id!, owner: null, values: { status: 'unassigned' } }]))
    const { values } = await read(admin!, id!)
    expect([values.pool ?? null, values.owner ?? null, values.status]).toEqual([null, null, 'unassigned'])
  })
})

describe('looking', () => {
  it('P2 whose pool it is', async () => {
    const names = async (who: Person) => (await home.ask(who, 'GET', '/api/v1/pools')).body.pools.filter(({ object }: { object: string }) => object === 'lead').map(({ name }: { name: string }) => name).sort()
    expect(await names(sales!)).toEqual(['全公司', '华东公海'])
    expect(await names(admin!)).toEqual(['全公司', '华东公海', '财务的'])
    expect(await names(finance!)).toEqual([])
    expect([(await inside(sales!, theirs)).status, (await inside(finance!, open)).status, (await claim(sales!, theirs, [ids.next()])).status]).toEqual([404, 404, 404])
  })

  it('P3 only what the pool shows, the phone by its last four digits', async () => {
    const [id] = await waiting(ours, 1, { phone: '13912345678', email: 'li@example.com', wechat: 'li-mei', name: '李梅' })
    const { body } = await inside(sales!, ours)
    const row = body.records.find((each: { id: string }) => each.id === id)
    expect(row.values).toMatchObject({ name: '李梅', phone: '*******5678', company: '云启' })
    expect(Object.keys(row.values)).not.toEqual(expect.arrayContaining(['email']))
    expect(row.can).toEqual({ edit: false, delete: false, transfer: false, share: false, unlock: false })
    expect((await home.ask(sales!, 'GET', `/api/v1/objects/lead/records/${id}`)).status).toBe(404)
    const found = async (query: object | string) => (await inside(sales!, ours, typeof query === 'string' ? `?search=${query}` : `?filter=${encodeURIComponent(JSON.stringify(query))}`)).body
    expect((await found({ field: 'phone', op: 'eq', value: '+8613912345678' })).records).toEqual([])
    expect((await found({ field: 'email', op: 'notEmpty' })).error.code).toBe('FIELD_NOT_AVAILABLE')
    expect((await found('13912345678')).records).toEqual([])
    expect((await found(encodeURIComponent('李梅'))).records).toHaveLength(1)
    expect(JSON.stringify(body)).not.toContain('139123')
  })

  it('P3 two worlds that differ in what a pool hides give the same bytes', async () => {
    const all = () => Promise.all(['', '?limit=1', '?search=5678', `?filter=${encodeURIComponent('{"field":"phone","op":"contains","value":"5678"}')}`].map(async (query) => (await inside(sales!, ours, query)).raw.toString()))
    const before = await all()
    await home.db.mutate(home.tenant, (tx) => tx.query(`update {t}.o_lead set f_phone = '+86' || lpad((random() * 1e7)::int::text, 7, '1') || right(f_phone, 4), f_email = 'x@example.com' where f_pool = $1`, [ours]))
    expect(await all()).toEqual(before)
  })
})

describe('claiming', () => {
  it('P4 makes the claimer the owner, for good reason, until undone', async () => {
    const [id] = await waiting(open)
    const { body } = await claim(sales!, open, [id!])
    expect(body).toMatchObject({ changed: 1, refused: [] })
    expect((await read(sales!, id!)).values).toMatchObject({ owner: sales!.id, status: 'waiting' })
    expect((await read(sales!, id!)).values.pool).toBeUndefined()
    const [stay] = await home.db.read(home.tenant, (tx) => tx.query('select s.taken_by, a.reason, (select member from {t}.assignment x where x.record = s.record and x.closed_at is null) as owner from {t}.pool_stay s join {t}.act a on a.id = s.closed_act where s.record = $1', [id]))
    expect(stay).toEqual({ taken_by: sales!.id, reason: '全公司', owner: sales!.id })
    expect((await claim(rival!, open, [id!])).body.refused).toMatchObject([{ code: 'POOL_TAKEN' }])
    await home.ask(sales!, 'POST', '/api/v1/commands/undo', { undo: body.undo })
    expect((await claim(rival!, open, [id!])).body.changed).toBe(1)
  })

  it('P5 up to the limits, the rest by name', async () => {
    const some = await waiting(ours, 5)
    const { body } = await claim(rival!, ours, some)
    expect([body.changed, body.refused.map(({ code, message }: { code: string; message: string }) => [code, message])]).toEqual([3, [['POOL_DAILY_LIMIT', '今天从「华东公海」领取的已达上限 3 条'], ['POOL_DAILY_LIMIT', '今天从「华东公海」领取的已达上限 3 条']]])
    await advanceClock(home.db, home.tenant, 24 * HOUR)
    await home.ask(admin!, 'POST', '/api/v1/commands/bulk', { object: 'pool', ids: [ours], values: { hold_limit: 4, daily_claims: 1000 } })
    const held = (await home.ask(rival!, 'GET', '/api/v1/pools')).body.pools.find(({ id, object }: { id: string; object: string }) => id === ours && object === 'lead').held as number
    expect((await claim(rival!, ours, some)).body.refused.map(({ code }: { code: string }) => code).filter((code: string) => code !== 'POOL_TAKEN')).toEqual(held >= 4 ? ['POOL_HOLDING_LIMIT', 'POOL_HOLDING_LIMIT'] : [])
    expect((await claim(finance!, open, some)).status).toBe(404)
  })

  it('P6 the former owner waits', async () => {
    const [id] = await leads(1, {}, sales!.id)
    await release(sales!, id!)
    expect((await claim(sales!, ours, [id!])).body.refused).toMatchObject([{ code: 'POOL_COOLING' }])
    await advanceClock(home.db, home.tenant, 7 * 24 * HOUR + 1000)
    await home.ask(admin!, 'POST', '/api/v1/commands/bulk', { object: 'pool', ids: [ours], values: { hold_limit: 1000 } })
    expect((await claim(sales!, ours, [id!])).body).toMatchObject({ changed: 1, refused: [] })
  })
})

describe('returning', () => {
  it('P8 told first, returned a day later; a follow-up stops it; a claim protects', async () => {
    await pooling((each) => ({ ...each, recycle: { ...each.recycle, active: true, after: '2d' } }))
    const [lost, kept] = await leads(2, { company: '回收' }, sales!.id)
    expect(await recycleIn(home.db, home.tenant).then(({ returned }) => returned)).toBe(0)
    await advanceClock(home.db, home.tenant, 25 * HOUR)
    const [claimed] = await waiting(ours)
    await claim(sales!, ours, [claimed!])
    await recycleIn(home.db, home.tenant)
    const told = (await home.ask(sales!, 'GET', '/api/v1/notifications')).body
    expect(JSON.stringify(told)).toContain('24 小时后退回公海')
    await home.ask(sales!, 'POST', '/api/v1/commands/follow-up', { subject: { object: 'lead', id: kept }, result: 'interested', nextAt: new Date(Date.now() + 60 * 24 * HOUR).toISOString(), resource: 'none' })
    await advanceClock(home.db, home.tenant, 25 * HOUR)
    await recycleIn(home.db, home.tenant)
    expect((await read(admin!, lost!)).values).toMatchObject({ pool: ours, status: 'pool' })
    expect((await read(sales!, kept!)).values.owner).toBe(sales!.id)
    expect((await read(sales!, claimed!)).values.owner).toBe(sales!.id)
    const [act] = await home.db.read(home.tenant, (tx) => tx.query('select a.actor_ref as who, a.reason from {t}.change c join {t}.act a on a.id = c.act where c.record = $1 order by c.seq desc limit 1', [lost]))
    expect(act).toEqual({ who: 'pool return', reason: 'house:silent_for "2d"' })
    const heard = async (lang: string) => (await home.ask(admin!, 'GET', `/api/v1/audit?record=${lost}&limit=1&lang=${lang}`)).body.items.map((each: { actor: { name: string }; reason: string }) => [each.actor.name, each.reason])[0]
    expect([await heard('zh'), await heard('en')]).toEqual([['公海自动回收', '2 天没有跟进'], ['Automatic return to the pool', 'No follow-up for 2 days']])
    const [newest] = (await home.ask(admin!, 'GET', `/api/v1/objects/lead/records/${lost}/timeline?limit=1&lang=en`)).body.items
    expect(newest).toMatchObject({ actor: { kind: 'system', name: 'Automatic return to the pool', said: true }, reason: 'No follow-up for 2 days' })
    await pooling((each) => ({ ...each, recycle: { ...each.recycle, active: false } }))
  })
})

it('P9 what is not so is not published', async () => {
  const refused = async (change: (each: Pooling) => Pooling) => { const result = await put(change); return result.ok ? [] : result.refusals.map(({ path }) => path) }
  expect(await refused((each) => ({ ...each, visible: ['nope'] }))).toEqual(['visible.0'])
  expect(await refused((each) => ({ ...each, masks: { budget_min: 'star' } }))).toEqual(['masks.budget_min'])
  expect(await refused((each) => ({ ...each, field: 'campaign' }))).toEqual(['field'])
  expect(await refused((each) => ({ ...each, key: 'again' }))).toContain('object')
})
