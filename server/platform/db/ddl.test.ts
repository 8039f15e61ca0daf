import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Field, FIELD_KINDS, type FieldKind, ObjectDefinition } from '#language/definitions'
import { addColumns, addIndexes, bigramQuery, buildIndexes, columnsOf, createObjectTables, dropInitials, ids, indexesOf, initialsOf, isId, type Tx } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

let home: FreshTenant
beforeEach(async () => { home = await freshTenant() })
afterEach(() => home.drop())

const field = (key: string, kind: FieldKind, more: Partial<Field> = {}): Field => ({ key, label: { zh: key, en: key }, kind, ...more })
const object = (key: string, fields: Field[]): ObjectDefinition => ObjectDefinition.parse({ key, label: { zh: key, en: key }, title: fields[0]!.key, fields })
const mutate = <T>(work: (tx: Tx) => Promise<T>) => home.db.mutate(home.tenant, work)
const create = (...objects: ObjectDefinition[]) => mutate((tx) => createObjectTables(tx, objects))
const indexNames = async () => (await home.db.pool.query(`select indexname from pg_indexes where schemaname = 't_test' and tablename like 'o\\_%'`)).rows.map(({ indexname }) => indexname as string)

async function add(tx: Tx, key: string, values: Record<string, unknown>): Promise<void> {
  const all: Record<string, unknown> = { id: ids.next(), version: 1, created_at: tx.now, updated_at: tx.now, ...values }
  const names = Object.keys(all)
  await tx.query(`insert into {t}."o_${key}" (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`, Object.values(all))
}

test('D18 ids are distinct, ordered version 7 UUIDs', () => {
  const made = Array.from({ length: 20_000 }, ids.next)
  expect(new Set(made).size).toBe(made.length)
  expect(made.toSorted()).toEqual(made)
  expect(made.every((each) => isId(each) && each[14] === '7' && '89ab'.includes(each[19]!))).toBe(true)
  expect(Math.abs(Number.parseInt(made[0]!.slice(0, 13).replace('-', ''), 16) - Date.now())).toBeLessThan(60_000)
})

const SAMPLES: Record<FieldKind, unknown> = {
  text: '名称 “x” \\ \'', long: 'a\nb', email: 'a@b.cn', url: 'https://a.cn', phone: '+8613800138000', region: '310000', select: 'open', auto: 'XS000123', multiselect: ['a', 'b'],
  integer: 9007199254740991, decimal: '0.1234567890123456789', money: '500000.00', percent: '12.5', boolean: false, date: '2026-02-28', datetime: new Date('2026-11-22T01:02:03.456Z'),
  reference: ids.next(), anyReference: ids.next(), file: [ids.next()], member: 7, members: [7, 3], team: 3,
}
test('D19 every kind gives back what was written', async () => {
  await create(object('thing', FIELD_KINDS.map((kind) => field(kind.toLowerCase(), kind))))
  const columns = FIELD_KINDS.flatMap((kind) => columnsOf(field(kind.toLowerCase(), kind)).map(({ name }, i) => [name, i === 0 ? SAMPLES[kind] : 'thing'] as const))
  const [row] = await mutate(async (tx) => {
    await add(tx, 'thing', Object.fromEntries(columns))
    return tx.query(`select ${columns.map(([name]) => `"${name}"`).join(', ')} from {t}.o_thing`)
  })
  expect(row).toEqual(Object.fromEntries(columns))
})

test('D20 the indexes of an object', async () => {
  const one = object('thing', [field('name', 'text', { sortable: true, searchable: true }), field('code', 'text', { unique: true }), field('parent', 'reference'), field('mobile', 'phone'), field('mail', 'email', { unique: true }), field('old', 'text', { sortable: true, retired: true })])
  await create(one)
  const made = await indexNames()
  expect(made.toSorted()).toEqual(['o_thing.code.unique', 'o_thing.collaborators', 'o_thing.created', 'o_thing.gone', 'o_thing.mail.unique', 'o_thing.mobile.contact', 'o_thing.name.initials', 'o_thing.name.pinyin', 'o_thing.name.search', 'o_thing.name.sort', 'o_thing.owner', 'o_thing.owner_team', 'o_thing.parent.reference', 'o_thing.tags', 'o_thing_pkey'])
})

test('D20 the longest keys have distinct names', async () => {
  const long = (letter: string) => letter.padEnd(40, 'x')
  const one = object(long('a'), ['a', 'b'].map((each) => field(long(each) .slice(0, 39) + each, 'text', { sortable: true, searchable: true, unique: true })))
  await create(one)
  expect(new Set(indexesOf(one).map(({ name }) => name)).isSubsetOf(new Set(await indexNames()))).toBe(true)
})

test('D20 text sorts by pinyin where it is shown', async () => {
  await create(object('thing', [field('name', 'text', { sortable: true })]))
  const rows = await mutate(async (tx) => {
    for (const name of ['张', '阿', '王', '李']) await add(tx, 'thing', { f_name: name })
    return tx.query(`select f_name as name from {t}.o_thing order by f_name collate "zh-x-icu"`)
  })
  expect(rows.map(({ name }) => name)).toEqual(['阿', '李', '王', '张'])
})

test('D21 a unique value is free again when its record is gone', async () => {
  await create(object('thing', [field('code', 'text', { unique: true })]))
  await mutate(async (tx) => {
    await add(tx, 'thing', { f_code: 'x', gone_act: 1 })
    await add(tx, 'thing', { f_code: 'x' })
  })
  await expect(mutate((tx) => add(tx, 'thing', { f_code: 'x' }))).rejects.toMatchObject({ code: '23505' })
})

test('D22 a busy table is waited for while others pass', async () => {
  await create(object('thing', [field('name', 'text')]))
  let adding: Promise<void> | undefined
  let passed = 0
  await mutate(async (holder) => {
    await holder.query('select from {t}.o_thing')
    adding = mutate((tx) => addColumns(tx, 'thing', [field('more', 'integer')]))
    for (const end = performance.now() + 700; performance.now() < end; passed++) await mutate((tx) => tx.query('select from {t}.o_thing'))
  })
  await adding
  expect(passed).toBeGreaterThan(2)
  await mutate((tx) => add(tx, 'thing', { f_more: 1 }))
  await mutate((tx) => addColumns(tx, 'thing', [field('more', 'integer')]))
})

test('D22 another statement’s wait limit is two seconds again afterwards', async () => {
  await create(object('thing', [field('name', 'text')]))
  const [row] = await mutate(async (tx) => {
    await addColumns(tx, 'thing', [field('more', 'integer')])
    return tx.query<{ lock_timeout: string }>('show lock_timeout')
  })
  expect(row!.lock_timeout).toBe('2s')
})

test('D23 a small table is indexed at once, a large one beside the traffic', async () => {
  await create(object('thing', [field('name', 'text'), field('code', 'text')]))
  const marked = object('thing', [field('name', 'text', { sortable: true }), field('code', 'text', { unique: true })])
  await mutate((tx) => tx.query(`insert into {t}.o_thing (id, version, created_at, updated_at, f_name) select gen_random_uuid(), 1, $1, $1, n::text from generate_series(1, 21000) n`, [tx.now]))
  const left = await mutate((tx) => addIndexes(tx, marked))
  expect(left.map(({ name }) => name)).toEqual(['o_thing.name.sort', 'o_thing.name.pinyin'])
  expect(await indexNames()).toContain('o_thing.code.unique')
  expect(await buildIndexes(home, [marked])).toEqual(['o_thing.name.sort', 'o_thing.name.pinyin'])
  expect(await buildIndexes(home, [marked])).toEqual([])
})

test('D23 an index left half-built is built anew', async () => {
  const one = object('thing', [field('name', 'text', { sortable: true })])
  await create(one)
  await home.db.pool.query(`set role none; update pg_index set indisvalid = false where indexrelid = 't_test."o_thing.name.sort"'::regclass; set role nextmove_app`)
  expect(await buildIndexes(home, [one])).toEqual(['o_thing.name.sort'])
})

test('D23 two processes build at the same time and neither fails', async () => {
  const one = object('thing', [field('name', 'text', { sortable: true, searchable: true })])
  await create(one)
  await mutate((tx) => tx.query(`insert into {t}.o_thing (id, version, created_at, updated_at, f_name) select gen_random_uuid(), 1, $1, $1, n::text from generate_series(1, 21000) n`, [tx.now]))
  for (const name of ['sort', 'pinyin', 'search']) await home.db.pool.query(`drop index t_test."o_thing.name.${name}"`)
  const built = await Promise.all([buildIndexes(home, [one]), buildIndexes(home, [one])])
  expect(built.flat().toSorted()).toEqual(['o_thing.name.pinyin', 'o_thing.name.search', 'o_thing.name.sort'])
})

test('D23 a build is ended by its signal, and begun again later', async () => {
  const one = object('thing', [field('name', 'text', { sortable: true })])
  await create(one)
  await home.db.pool.query(`drop index t_test."o_thing.name.sort"`)
  const ending = new AbortController()
  await mutate(async (holder) => {
    await holder.query('lock table {t}.o_thing in row exclusive mode')
    const building = buildIndexes({ ...home, signal: ending.signal }, [one])
    const ended = building.then(() => 'built', (error: Error) => error.message)
    await expect.poll(async () => (await home.db.pool.query(`select from pg_stat_activity where query like 'create index%' and wait_event_type = 'Lock'`)).rowCount, { timeout: 10_000 }).toBe(1)
    ending.abort()
    expect(await ended).toMatch(/cancel/)
  })
  expect(await buildIndexes(home, [one])).toEqual(['o_thing.name.sort'])
})

const TEXTS = ['杭州智康医疗器械有限公司', "O'Brien \\ Söhne", '智能康复', 'ABC 科技', 'a😀b']
for (const [wanted, found] of [['智康', [0]], ['医疗器械', [0]], ["'B", [1]], [' \\ ', [1]], ['bc 科', [3]], ['😀b', [4]], ['康智', []]] as const) {
  test(`D24 “${wanted}” is found through the index`, async () => {
    await create(object('thing', [field('name', 'text', { searchable: true })]))
    const rows = await mutate(async (tx) => {
      for (const text of TEXTS) await add(tx, 'thing', { f_name: text })
      await tx.query('set local enable_seqscan = off')
      return tx.query<{ name: string }>(`select f_name as name from {t}.o_thing where nextmove.bigrams(f_name) @@ $1::tsquery`, [bigramQuery(wanted)])
    })
    expect(rows.map(({ name }) => name)).toEqual(found.map((i) => TEXTS[i]))
  })
}

test('D24 one character has no pair', () => {
  expect([bigramQuery('康'), bigramQuery('')]).toEqual([null, null])
})

const READINGS: Record<string, string | null> = {
  王娜科技: 'wnkj', 张子文: 'zzw', '王 娜（北京）': 'wnbj', 'Huawei 华为 5G': 'huaweihw5g', 单春: 'dc sc', 曾国藩: 'cgf zgf', 重庆银行: 'cqyh cqyx', 欧阳修: 'oyx', 'ABC 1': null, '': null, '……': null,
}
test('D25 what a text is also found by', () => {
  expect(Object.fromEntries(Object.keys(READINGS).map((text) => [text, initialsOf(text)]))).toEqual(READINGS)
})

test('D25 initials of the rows that stand are made before their index, and made anew when a field is searched again', async () => {
  const [plainly, searched] = [object('thing', [field('name', 'text')]), object('thing', [field('name', 'text', { searchable: true })])]
  await create(plainly)
  const initials = async () => (await home.db.pool.query('select f_name as name, f_name__initials as initials from t_test.o_thing order by id')).rows.map(({ name, initials }) => `${name} ${initials}`)
  await mutate(async (tx) => {
    for (const name of ['王娜', '张子文', 'Anna']) await add(tx, 'thing', { f_name: name })
    await addColumns(tx, 'thing', searched.fields)
    // Small as the table is, this index waits: it is the sign that the initials are there.
    expect((await addIndexes(tx, searched)).map(({ name }) => name)).toEqual(['o_thing.name.initials'])
  })
  expect(await buildIndexes(home, [searched])).toEqual(['o_thing.name.initials'])
  expect(await initials()).toEqual(['王娜 wn', '张子文 zzw', 'Anna null'])
  await mutate((tx) => dropInitials(tx, plainly, searched))
  await home.db.pool.query(`update t_test.o_thing set f_name = '李明' where f_name = 'Anna'`)
  expect(await buildIndexes(home, [searched])).toEqual(['o_thing.name.initials'])
  expect(await initials()).toEqual(['王娜 wn', '张子文 zzw', '李明 lm'])
})

test('D25 a folder from before has its columns made and filled', async () => {
  const [before, now] = [object('thing', [field('name', 'text')]), object('thing', [field('name', 'text', { searchable: true }), field('code', 'phone', { searchable: true })])]
  await create(before)
  await mutate(async (tx) => {
    await tx.query(`insert into {t}.definition (kind, key, version, state, body, published_at, published_by) values ('object', 'thing', 1, 'active', $1, $2, 1)`, [JSON.stringify(now), tx.now])
    await add(tx, 'thing', { f_name: '王娜' })
    await tx.query(fs.readFileSync(new URL('migrations/060-initials.sql', import.meta.url), 'utf8'))
    await addColumns(tx, 'thing', now.fields)
  })
  await buildIndexes(home, [now])
  expect((await home.db.pool.query('select f_name__initials as initials from t_test.o_thing')).rows).toEqual([{ initials: 'wn' }])
})
