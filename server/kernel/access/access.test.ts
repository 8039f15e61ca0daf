import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Condition } from '#language/conditions'
import type { Role } from '#language/definitions'
import { contextOf, effectOfRole, filterSql, lensOf, may, memberPrincipal, params, readableLens, type Context, type RowAction } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { ids } from '#platform/db'
import { PEOPLE, workshop, type Person, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
const JOBS = { a: ids.next(), b: ids.next(), none: ids.next(), shared: ids.next(), helped: ids.next(), gone: ids.next() }
const READINGS = { ofA: ids.next(), ofB: ids.next(), ofSite: ids.next() }
const SITE = ids.next()

beforeAll(async () => {
  home = await workshop()
  const job = (id: string, owner: number | null): Intent & { op: 'create' } => ({ op: 'create', object: 'job', id, values: { name: 'x', secret: '1' }, owner })
  const reading = (id: string, object: string, of: string): Intent => ({ op: 'create', object: 'reading', id, values: { about: { object, id: of } }, owner: null })
  await home.as('chief', (ctx) => writeOrRefuse(ctx, [
    { op: 'create', object: 'site', id: SITE, values: { name: '城东' } },
    job(JOBS.a, PEOPLE.ann), job(JOBS.b, PEOPLE.bob), job(JOBS.none, null), { ...job(JOBS.shared, PEOPLE.bob), share: [{ member: PEOPLE.ann, access: 'read' }] }, { ...job(JOBS.helped, PEOPLE.bob), share: [{ member: PEOPLE.ann, access: 'write' }] }, job(JOBS.gone, PEOPLE.ann), { op: 'delete', object: 'job', id: JOBS.gone },
    reading(READINGS.ofA, 'job', JOBS.a), reading(READINGS.ofB, 'job', JOBS.b), reading(READINGS.ofSite, 'site', SITE),
  ]))
})
afterAll(() => home.drop())

const namesOf = (of: Record<string, string>, rows: readonly { id: string }[]): string => Object.entries(of).filter(([, id]) => rows.some((row) => row.id === id)).map(([name]) => name).join(' ')
async function reached(who: Person | 'kernel', object: string, action: RowAction, of: Record<string, string>): Promise<string> {
  const rows = await home.looking(who, (ctx) => {
    const given = params()
    return ctx.tx.query<{ id: string }>(`select r.id from {t}.o_${object} r where ${lensOf(ctx, object).rows(action, 'r', given)}`, given.values)
  })
  return namesOf(of, rows)
}

describe('while somebody is away', () => {
  const away = (member: Person, standIns: Person[], [from, to]: [string, string]) => home.as('kernel', async ({ tx, now }) => {
    await tx.query(`insert into {t}.absence (member, kind, from_at, to_at, stand_ins, state) values ($1, 'other', $3::timestamptz + $4::interval, $3::timestamptz + $5::interval, $2, 'planned')`, [PEOPLE[member], standIns.map((who) => PEOPLE[who]), now, from, to])
    await bumpEpoch(tx)
  })
  const forget = () => home.as('kernel', async ({ tx }) => { await tx.query('truncate {t}.absence'); await bumpEpoch(tx) })
  test('A21 what is theirs can be looked at and changed; not what was shared with them, and nothing before or after', async () => {
    await away('bob', ['ann'], ['-1 hour', '1 hour'])
    expect(await Promise.all((['read', 'edit', 'export', 'share', 'transfer', 'delete'] as const).map((action) => reached('ann', 'job', action, JOBS)))).toEqual(['a b shared helped', 'a b shared helped', '', 'a', 'a', ''])
    expect(await reached('ann', 'reading', 'read', READINGS)).toBe('ofA ofB ofSite')
    await forget()
    await away('ann', ['bob'], ['-1 hour', '1 hour'])
    expect(await reached('bob', 'job', 'read', JOBS)).toBe('a b shared helped')
    await forget()
    for (const [from, to] of [['1 hour', '2 hours'], ['-2 hours', '-1 second']] as const) await away('bob', ['ann'], [from, to])
    expect(await reached('ann', 'job', 'edit', JOBS)).toBe('a helped')
    await forget()
  })
})

describe('row scopes', () => {
  /** One line per case: who, which action on which object, and the rows it reaches. */
  const check = (rule: string, who: Person | 'kernel', object: 'job' | 'reading', action: RowAction, expected: string) =>
    test(`${rule} ${who} ${action} ${object} → ${expected || 'nothing'}`, async () => expect(await reached(who, object, action, object === 'job' ? JOBS : READINGS)).toBe(expected))
  check('A1', 'ann', 'job', 'read', 'a shared helped')
  check('A1', 'ann', 'job', 'edit', 'a helped')
  check('A1', 'ann', 'job', 'share', 'a')
  check('A1', 'ann', 'job', 'transfer', 'a')
  check('A1', 'ann', 'job', 'delete', '')
  check('A1', 'bob', 'job', 'read', 'b shared helped')
  check('A1', 'bob', 'job', 'share', 'b shared helped')
  check('A1', 'lead', 'job', 'read', 'a')
  check('A1', 'area', 'job', 'read', 'a')
  check('A1', 'area', 'job', 'edit', '')
  check('A1', 'watcher', 'job', 'read', 'a b none shared helped')
  check('A12', 'chief', 'job', 'read', 'a b none shared helped')
  check('A3', 'nobody', 'job', 'read', '')
  check('A5', 'ann', 'reading', 'read', 'ofA ofSite')
  check('A5', 'bob', 'reading', 'read', 'ofB ofSite')
  check('A5', 'ann', 'reading', 'edit', '')
  check('A5', 'watcher', 'reading', 'read', '')
  check('A7', 'kernel', 'job', 'delete', 'a b none shared helped')
  check('A7', 'kernel', 'reading', 'edit', '')
})

const lens = <T>(who: Person | 'kernel', look: (ctx: Context) => T): Promise<T> => home.looking(who, async (ctx) => look(ctx))

test('A3 an object that is not there and one that is not yours are the same', async () => {
  for (const [who, object] of [['nobody', 'job'], ['chief', 'nope'], ['chief', '__proto__'], ['watcher', 'site']] as const) {
    expect(await lens(who, (ctx) => [lensOf(ctx, object).can('read'), lensOf(ctx, object).readable, lensOf(ctx, object).field('id')])).toEqual([false, [], undefined])
    await expect(lens(who, (ctx) => readableLens(ctx, object))).rejects.toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  }
})

test('A4 A6 fields by role', async () => {
  const facts = (who: Person | 'kernel') => lens(who, (ctx) => ['name', 'secret', 'price', 'sealed', 'number', 'owner', 'created_at', 'nope'].map((key) => {
    const [field, writable] = [lensOf(ctx, 'job').field(key), lensOf(ctx, 'job').writable.has(key)]
    return `${field ? 'r' : '-'}${writable ? 'w' : '-'}`
  }).join(' '))
  expect(await facts('chief')).toBe('rw rw rw r- r- rw r- --')
  expect(await facts('ann')).toBe('rw -- r- r- r- rw r- --')
  expect(await facts('lead')).toBe('rw rw rw r- r- r- r- --')
  expect(await facts('watcher')).toBe('r- -- r- r- r- r- r- --')
  expect(await facts('kernel')).toBe('rw rw rw rw rw rw r- --')
})

test('A33 with whom it is shared: read where the owner is, written nowhere', async () => {
  const facts = (who: Person | 'kernel', object: string) => lens(who, (ctx) => { const each = lensOf(ctx, object); return [each.field('owner') !== undefined, each.field('collaborators')?.column('r', params()), each.writable.has('collaborators'), each.enterable.has('collaborators')] })
  for (const who of ['chief', 'ann', 'watcher', 'kernel'] as const) expect(await facts(who, 'job')).toEqual([true, 'r.collaborators', false, false])
  expect(await facts('ann', 'nothing')).toEqual([false, undefined, false, false])
})

test('A2 roles add up', async () => {
  const both = await home.looking('ann', (ctx) => {
    const member = ctx.principal.kind === 'member' ? ctx.principal.member : undefined
    const mine: Context = { ...ctx, principal: { kind: 'member', member: { ...member!, roles: ['fixer', 'watcher', 'lead'] } } }
    const job = lensOf(mine, 'job')
    return Promise.resolve([job.can('transfer'), job.field('secret') !== undefined, job.writable.has('price'), job.writable.has('name'), job.rows('read', 'r', params())])
  })
  expect(both).toEqual([true, true, true, true, 'r.gone_act IS NULL AND TRUE'])
})

test('A15 what a role in a new form gives and takes', async () => {
  const effect = (change: (role: Role) => Role) => home.looking('chief', (ctx) => effectOfRole(ctx, change(ctx.metadata.roles.get('fixer')!)))
  const job = (role: Role, access: object): Role => ({ ...role, objects: { ...role.objects, job: { ...role.objects['job'], ...access } } })
  const nothing = { members: 0, things: 0 }
  const same = await effect((role) => role)
  expect(same).toEqual({ holders: 2, gains: { read: nothing, write: nothing, reach: nothing, manage: nothing }, losses: { read: nothing, write: nothing, reach: nothing, manage: nothing } })
  const wider = await effect((role) => job({ ...role, rights: ['audit'] }, { read: 'team', fields: { price: { write: false } } }))
  expect(wider.gains).toEqual({ read: { members: 2, things: 1 }, write: { members: 2, things: 1 }, reach: { members: 2, things: 1 }, manage: { members: 2, things: 1 } })
  const narrower = await effect((role) => job(role, { edit: 'none', fields: { secret: { read: 'hidden' }, price: { write: false }, phone: { read: 'hidden' } } }))
  expect([narrower.losses.read, narrower.losses.reach, narrower.gains]).toEqual([{ members: 2, things: 1 }, { members: 2, things: 1 }, same.gains])
})

test('A8 a version changes with what is let through and with nothing else', async () => {
  const version = (who: Person) => lens(who, (ctx) => lensOf(ctx, 'job').version)
  const [ann, bob] = [await version('ann'), await version('bob')]
  expect(ann).not.toBe(bob)
  await home.db.mutate(home.tenant, bumpEpoch)
  expect(await version('ann')).toBe(ann)
  await home.db.mutate(home.tenant, async (tx) => { await tx.query('update {t}.member set team = 3 where id = $1', [PEOPLE.ann]); await bumpEpoch(tx) })
  expect(await version('ann')).not.toBe(ann)
  await home.db.mutate(home.tenant, async (tx) => { await tx.query('update {t}.member set team = 2 where id = $1', [PEOPLE.ann]); await bumpEpoch(tx) })
  expect(await version('ann')).toBe(ann)
})

test('A9 principals', async () => {
  const facts = async (who: Person) => lens(who, (ctx) => (ctx.principal.kind === 'member' ? ctx.principal.member : undefined))
  expect(await facts('area')).toMatchObject({ teams: [1], teamTree: [1, 2], roles: ['area'] })
  expect(await lens('chief', (ctx) => [may(ctx, 'audit'), may(ctx, 'members')])).toEqual([true, false])
  for (const id of [PEOPLE.gone, 999]) await expect(home.db.read(home.tenant, (tx) => memberPrincipal(tx, id))).rejects.toMatchObject({ refusal: { code: 'SIGN_IN_REQUIRED' } })
})

test('A1 whoever heads a team belongs to it', async () => {
  const settle = (head: number | null) => home.db.mutate(home.tenant, async (tx) => { await tx.query('update {t}.team set head = $1 where id = 2', [head]); await bumpEpoch(tx) })
  const reach = () => home.looking('area', (ctx) => Promise.resolve(ctx.principal.kind === 'member' ? [ctx.principal.member.teams, ctx.principal.member.teamTree] : []))
  await settle(PEOPLE.area)
  expect(await reach()).toEqual([[1, 2], [1, 2]])
  await settle(null)
  expect(await reach()).toEqual([[1], [1, 2]])
})

test('A10 members are read once per epoch', async () => {
  const statements = () => home.db.read(home.tenant, async (tx) => {
    let count = 0
    const counting = { ...tx, query: ((...args: Parameters<typeof tx.query>) => { count++; return tx.query(...args) }) as typeof tx.query }
    await contextOf(counting, { principal: await memberPrincipal(counting, PEOPLE.ann), actor: { kind: 'member', id: PEOPLE.ann }, cause: { kind: 'member' } })
    return count
  })
  await statements()
  expect(await statements()).toBe(0)
})

describe('conditions', () => {
  const check = (rule: string, who: Person, condition: Condition, expected: string) => test(`${rule} ${who}: ${JSON.stringify(condition)} → ${expected}`, async () => {
    const answer = await home.looking(who, async (ctx) => {
      const given = params()
      const met = filterSql(ctx, 'job', condition, { alias: 'r', params: given })
      if (!met.ok) return met.refusal.code
      const rows = await ctx.tx.query<{ id: string }>(`select r.id from {t}.o_job r where r.gone_act is null and ${met.sql}`, given.values)
      return namesOf(JOBS, rows)
    })
    expect(answer).toBe(expected)
  })
  const readings = { object: 'reading', via: 'about' }
  check('A11', 'ann', { some: readings }, 'a')
  check('A11', 'chief', { some: readings }, 'a b')
  check('A11', 'ann', { count: readings, op: 'eq', value: 0 }, 'b none shared helped')
  check('A11', 'ann', { field: 'owner', op: 'eq', value: { me: true } }, 'a')
  check('A13', 'ann', { field: 'secret', op: 'empty' }, 'FIELD_NOT_AVAILABLE')
  check('A13', 'ann', { field: 'nope', op: 'empty' }, 'FIELD_NOT_AVAILABLE')
  check('A13', 'watcher', { some: readings }, 'FIELD_NOT_AVAILABLE')
  check('A13', 'watcher', { some: { object: 'nope', via: 'about' } }, 'FIELD_NOT_AVAILABLE')
  check('A13', 'ann', { field: 'name', op: 'gt', value: 'x' } as Condition, 'CONDITION_INVALID')
})
