import net from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { advanceClock, arrayText, createTenant, DatabaseAway, isAway, openDatabase, type OpenDatabase, type Tenant, type Tx } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

let home: FreshTenant
let db: OpenDatabase
let tenant: Tenant
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  home = await freshTenant()
  ;({ db, tenant } = home)
  await db.mutate(tenant, makeNotes)
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  await db.mutate(tenant, (tx) => tx.query('delete from {t}.note'))
})
afterAll(() => home.drop())

const makeNotes = (tx: Tx) => tx.query('create table {t}.note (key text, value int)')
const put = (tx: Tx, key: string, value = 1) => tx.query('insert into {t}.note (key, value) values ($1, $2)', [key, value])
const keys = async () => (await db.read(tenant, (tx) => tx.query<{ key: string }>('select key from {t}.note order by key'))).map(({ key }) => key)

function another(config = {}): OpenDatabase {
  const made = openDatabase({ ...db.pool.options, ...config } as never)
  opened.push(made)
  return made
}

test('D1 writes commit together and hooks follow', async () => {
  const told: string[] = []
  await db.mutate(tenant, async (tx) => {
    await put(tx, 'a')
    tx.afterCommit(() => told.push('a'))
    await put(tx, 'b')
    expect(told).toEqual([])
  })
  expect([await keys(), told]).toEqual([['a', 'b'], ['a']])
})

test('D1 an error takes everything back and no hook runs', async () => {
  const told: string[] = []
  const failing = db.mutate(tenant, async (tx) => {
    tx.afterCommit(() => told.push('never'))
    await put(tx, 'a')
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect([await keys(), told]).toEqual([[], []])
})

test('D1 a hook that fails does not undo what is committed', async () => {
  expect(await db.mutate(tenant, async (tx) => {
    tx.afterCommit(() => { throw new Error('hint lost') })
    await put(tx, 'a')
    return 'done'
  })).toBe('done')
  expect(await keys()).toEqual(['a'])
})

test('D2 now is the database clock, the same throughout, and the epoch is the tenant’s', async () => {
  await db.mutate(tenant, async (tx) => {
    const before = tx.now
    const [row] = await tx.query<{ clock: Date; epoch: number }>('select clock_timestamp() as clock, (select epoch from {t}.state) as epoch from pg_sleep(0.02)')
    expect(row!.clock.getTime() - before.getTime()).toBeGreaterThanOrEqual(20)
    expect(row!.clock.getTime() - before.getTime()).toBeLessThan(5_000)
    expect([tx.now, tx.epoch]).toEqual([before, row!.epoch])
  })
})

test('D3 a reader keeps its snapshot', async () => {
  await db.read(tenant, async (tx) => {
    await tx.query('select from {t}.note')
    await db.mutate(tenant, (other) => put(other, 'later'))
    expect(await tx.query('select key from {t}.note')).toEqual([])
  })
})

test('D3 a reader cannot write', async () => {
  await expect(db.read(tenant, (tx) => put(tx, 'a'))).rejects.toMatchObject({ code: '25006' })
})

for (const code of ['40001', '40P01', '55P03']) {
  test(`D4 ${code} begins the work again`, async () => {
    let tries = 0
    await db.mutate(tenant, async (tx) => {
      await put(tx, `try ${++tries}`)
      if (tries < 3) await tx.query(`do $$ begin raise exception using errcode = '${code}'; end $$`)
    })
    expect(await keys()).toEqual(['try 3'])
  })
}

test('D4 what fails because of another statement, sent in the same breath, fails as that one did', async () => {
  let attempts = 0
  await db.mutate(tenant, async (tx) => {
    const first = tx.query(++attempts === 1 ? `do $$ begin raise exception 'again' using errcode = '40P01'; end $$` : 'select')
    // Whoever waits for it hears of it later than of the second.
    const told = first.then((rows) => rows).then((rows) => rows).then((rows) => rows)
    await Promise.all([told, put(tx, 'a')])
  })
  expect([attempts, await keys()]).toEqual([2, ['a']])
})

test('D4 gives up after three repetitions, and at once for other errors', async () => {
  const failingWith = async (code: string) => {
    let tries = 0
    const failing = db.mutate(tenant, async (tx) => {
      tries++
      await tx.query(`do $$ begin raise exception using errcode = '${code}'; end $$`)
    })
    await expect(failing).rejects.toMatchObject({ code })
    return tries
  }
  expect([await failingWith('40001'), await failingWith('23505')]).toEqual([4, 1])
})

test('D4 a lock that is not to be had is waited for two seconds', async () => {
  await db.mutate(tenant, (tx) => put(tx, 'held'))
  const waits: number[] = []
  await db.mutate(tenant, async (holder) => {
    await holder.query(`select from {t}.note where key = 'held' for update`)
    const began = performance.now()
    const waiter = another().mutate(tenant, async (tx) => {
      if (waits.length > 0) throw new Error('second try')
      await tx.query(`select from {t}.note where key = 'held' for update`).finally(() => waits.push(performance.now() - began))
    })
    await expect(waiter).rejects.toThrow('second try')
  })
  expect(waits[0]).toBeGreaterThan(1_900)
  expect(waits[0]).toBeLessThan(3_500)
})

test('D5 a swallowed failure does not pass for a commit', async () => {
  const failing = db.mutate(tenant, async (tx) => {
    await put(tx, 'a')
    await tx.query('select 1/0').catch(() => {})
    return 'done'
  })
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  expect(await keys()).toEqual([])
})

test('D5 what a savepoint took back does not count as failed', async () => {
  await db.mutate(tenant, async (tx) => {
    await tx.query('savepoint s')
    await tx.query('select 1/0').catch(() => {})
    await tx.query('rollback to savepoint s')
    await put(tx, 'a')
  })
  expect(await keys()).toEqual(['a'])
})

test('D6 a lost connection is DatabaseAway, and the next call works', async () => {
  const mine = another()
  const failing = mine.mutate(tenant, async (tx) => {
    const [self] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    await db.pool.query(`set role none; select pg_terminate_backend(${self!.pid}); set role nextmove_app`)
    await put(tx, 'a')
  })
  await expect(failing).rejects.toBeInstanceOf(DatabaseAway)
  await mine.mutate(tenant, (tx) => put(tx, 'b'))
  expect(await keys()).toEqual(['b'])
})

test('D6 a server that is not there is DatabaseAway', async () => {
  const nowhere = openDatabase({ host: '/nonexistent', database: 'x', user: 'x' })
  opened.push(nowhere)
  await expect(nowhere.tenants()).rejects.toBeInstanceOf(DatabaseAway)
  await expect(nowhere.mutate(tenant, async () => {})).rejects.toBeInstanceOf(DatabaseAway)
})

for (const code of ['25006', '58030', '25P03', '57P03', '53300']) {
  test(`D6 ${code} from a server that cannot carry writes just now is DatabaseAway`, async () => {
    await expect(db.mutate(tenant, (tx) => tx.query(`do $$ begin raise exception using errcode = '${code}'; end $$`))).rejects.toBeInstanceOf(DatabaseAway)
    await db.mutate(tenant, (tx) => put(tx, 'b'))
  })
}

test('D6 a network without a way to the server is the database being away; a statement that takes too long is not', () => {
  const failing = (code: string) => isAway(Object.assign(new Error(code), { code }))
  expect(['ENETUNREACH', 'ECONNREFUSED', '57014', '23505'].map(failing)).toEqual([true, true, false, false])
})

test('D7 values as they come', async () => {
  const [row] = await db.read(tenant, (tx) => tx.query(`select 9007199254740991::int8 as safe, 9007199254740993::int8 as unsafe, array[1, 2]::int8[] as many,
    12.30::numeric as decimal, date '2026-02-28' as day, array[date '2026-02-28'] as days, timestamptz '2026-11-22T08:00:00+08:00' as instant, '{"a": [1]}'::jsonb as json, array[1, null]::int4[] as ints, '{}'::int4[] as none, array[-7, 2147483647] as far,
    timestamptz '2026-11-22T08:00:00.0194+08:00' as parts, timestamptz '0099-01-02T03:04:05Z' as ancient, timestamptz '12026-01-02T03:04:05Z' as distant`))
  expect(row).toEqual({ safe: 9007199254740991, unsafe: '9007199254740993', many: [1, 2], decimal: '12.30', day: '2026-02-28', days: ['2026-02-28'],
    instant: new Date('2026-11-22T00:00:00Z'), json: { a: [1] }, ints: [1, null], none: [], far: [-7, 2147483647],
    parts: new Date('2026-11-22T00:00:00.019Z'), ancient: new Date('0099-01-02T03:04:05Z'), distant: new Date('+012026-01-02T03:04:05Z') })
})

test('D7 instants asked for as text are as a Date writes them', async () => {
  const given = ['2026-11-22T00:00:00Z', '2026-11-22T00:00:00.0194Z', '2026-02-28T23:59:59.9Z', '0099-01-02T03:04:05Z', '12026-01-02T03:04:05Z']
  const rows = await db.read(tenant, (tx) => tx.query<{ at: string }>('select at::timestamptz as at from unnest($1::text[]) at', [given], { instants: 'text' }))
  const dates = await db.read(tenant, (tx) => tx.query<{ at: Date }>('select at::timestamptz as at from unnest($1::text[]) at', [given]))
  expect(rows.map(({ at }) => at)).toEqual(dates.map(({ at }) => at.toISOString()))
})

test('D28 a column of values arrives as it was sent', async () => {
  const texts = ['', 'NULL', 'null', 'a,b', '{a}', '"', String.raw`\\"\n`, ' 左 右 ', '一\n二\t三', '👩‍💻', "';--", null]
  const lists = [[1, null, 3], [], null, undefined]
  const words = [['a"b', String.raw`c\d`, '', 'NULL'], null]
  const rows = await db.read(tenant, (tx) => tx.query(`select t, n::int[] as numbers, w::text[] as words, b, none from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::uuid[]) as x(t, n, w, b, none)`, [texts, lists, words, [true, false], [null, undefined]].map(arrayText)))
  expect(rows.map(({ t }) => t)).toEqual(texts)
  expect(rows.slice(0, 4).map(({ numbers }) => numbers)).toEqual([[1, null, 3], [], null, null])
  expect(rows.slice(0, 2).map((row) => row['words'])).toEqual(words)
  expect(rows.slice(0, 3).map(({ b, none }) => [b, none])).toEqual([[true, null], [false, null], [null, null]])
})

test('D8 each tenant its own schema, and no table without one', async () => {
  const other = await createTenant(db, { key: 'other-one', name: 'Other' })
  await db.mutate(other, makeNotes)
  await db.mutate(other, (tx) => put(tx, 'theirs'))
  await db.mutate(tenant, (tx) => put(tx, 'mine'))
  expect(await keys()).toEqual(['mine'])
  await expect(db.read(tenant, (tx) => tx.query('select from note'))).rejects.toMatchObject({ code: '42P01' })
})

test('D9 the least recently used prepared statements are forgotten', async () => {
  const mine = another({ max: 1 })
  const run = (from: number, to: number) => mine.read(tenant, async (tx) => {
    for (let i = from; i < to; i++) await tx.query(`select ${i} as n from {t}.state`, [], { name: 'many' })
    return tx.query<{ count: number }>('select count(*) from pg_prepared_statements')
  })
  await run(0, 150)
  const [after] = await run(0, 1)
  expect(after!.count).toBeLessThan(110)
  await run(0, 150)
})

test('D9 the same text under one name for two tenants is two statements', async () => {
  const mine = another({ max: 1 })
  for (const each of await mine.tenants()) await mine.read(each, (tx) => tx.query('select key from {t}.note', [], { name: 'keys' }))
})

test('D10 opening is one round trip, and independent statements share one', async () => {
  const { port, close } = await slowRoad(80)
  opened.push({ close })
  const far = openDatabase({ ...db.pool.options, host: '127.0.0.1', port, max: 1 } as never)
  opened.unshift(far)
  await far.read(tenant, async (tx) => void (await tx.query('select 1')))
  const took = (work: (tx: Tx) => Promise<unknown>) => roundTrips(80, () => far.mutate(tenant, work))
  expect(await took(async () => {})).toBe(2)
  expect(await took((tx) => Promise.all([1, 2, 3].map((n) => tx.query('select $1::int as n', [n]))))).toBe(3)
})

test('D27 a reader does not wait for the opening', async () => {
  const { port, close } = await slowRoad(80)
  opened.push({ close })
  const far = openDatabase({ ...db.pool.options, host: '127.0.0.1', port, max: 1 } as never)
  opened.unshift(far)
  const read = () => far.read(tenant, (tx) => tx.query('select 1'))
  await read()
  expect(await roundTrips(80, read)).toBe(1)
})

test('D27 a reader who expected another epoch or another clock begins again, and nobody sees what it found before', async () => {
  const mine = another()
  const seen: { epoch: number; now: number }[] = []
  const read = () => mine.read(tenant, async (tx) => {
    seen.push({ epoch: tx.epoch, now: tx.now.getTime() })
    // What has changed with the epoch may be missing from the statement's tables.
    if (tx.epoch === first!.epoch) await tx.query('select no_such_column from {t}.note')
    return (await tx.query<{ epoch: number; clock: number }>('select epoch, (extract(epoch from clock_timestamp()) * 1000)::float8 + (select clock_offset_ms from nextmove.tenant where id = $1) as clock from {t}.state', [tenant.id]))[0]!
  })
  let first: { epoch: number } | undefined = await mine.read(tenant, async ({ epoch }) => ({ epoch }))
  await db.mutate(tenant, (tx) => tx.query('update {t}.state set epoch = epoch + 1'))
  expect((await read()).epoch).toBe(first.epoch + 1)
  expect(seen.map(({ epoch }) => epoch)).toEqual([first.epoch, first.epoch + 1])
  first = { epoch: -1 }
  await advanceClock(db, tenant, 86_400_000)
  seen.length = 0
  const { clock } = await read()
  expect(seen).toHaveLength(2)
  expect(clock - seen[1]!.now).toBeLessThan(5_000)
})

test('D27 the clock of a reader is never behind what was committed before it began', async () => {
  const mine = another()
  for (let i = 0; i < 200; i++) {
    const written = await db.mutate(tenant, async (tx) => tx.now)
    await mine.read(tenant, async (tx) => expect(tx.now.getTime()).toBeGreaterThanOrEqual(written.getTime()))
  }
})

test('D27 a failure of the work is the failure of the reader, and the connection lives on', async () => {
  const mine = another({ max: 1 })
  await mine.read(tenant, (tx) => tx.query('select 1'))
  await expect(mine.read(tenant, async (tx) => { await tx.query('select 1'); throw new Error('no') })).rejects.toThrow('no')
  await expect(mine.read(tenant, (tx) => tx.query('select no_such_column from {t}.note'))).rejects.toThrow('no_such_column')
  await expect(mine.read(tenant, (tx) => put(tx, 'a'))).rejects.toThrow('read-only')
  expect(await mine.read(tenant, (tx) => tx.query('select 1 as n'))).toEqual([{ n: 1 }])
})

test('D11 a late statement throws', async () => {
  const leaked = await db.mutate(tenant, async (tx) => tx)
  await expect(leaked.query('select 1')).rejects.toThrow('over')
})

/** How often `work` goes there and back on a slow road: at a crowded machine some take longer, not every one. */
async function roundTrips(ms: number, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    await work()
    took.push(performance.now() - began)
  }
  return Math.round(Math.min(...took) / ms)
}

/** A road to the database on which every message towards it takes `ms` longer. */
async function slowRoad(ms: number): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port } = db.pool.options as { host: string; port: number }
  const server = net.createServer((near) => {
    const far = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host)
    near.setNoDelay(true)
    near.on('data', (data) => setTimeout(() => far.write(data), ms))
    far.on('data', (data) => near.write(data))
    near.on('close', () => far.destroy()).on('error', () => {})
    far.on('close', () => near.destroy()).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as net.AddressInfo).port, close: () => new Promise((resolve) => void server.close(() => resolve())) }
}
