import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, lensOf, memberContext, params } from '#kernel/access'
import { bumpEpoch, publish } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'
import { ACTIONS, CHAIN, OBJECTS, reached, roleOf, worlds, type Action, type Kind, type World } from './scope.ts'

/** Worlds tried: 300 / 10 in `npm test`, 10,000 in `npm run laws`. */
const RUNS = Math.ceil(Number(process.env['LAW_RUNS'] ?? 300) / 10)

let home: FreshTenant
beforeAll(async () => { home = await freshTenant({ solution: CHAIN }) })
afterAll(() => home.drop())

test('A14 the rows of every action are those that a person would find by looking at each record', { timeout: 3_600_000 }, async () => {
  let [some, all] = [0, 0]
  await fc.assert(fc.asyncProperty(worlds, async (world) => {
    await home.db.mutate(home.tenant, (tx) => settle(tx, world))
    for (const me of world.members.keys()) {
      const found = await home.db.read(home.tenant, (tx) => everything(tx, me))
      for (const { object, action, how, rows } of found) {
        const wanted = reached(world, me, action, object)
        expect(rows, `member ${me}: ${action} ${object} ${how}`).toEqual(wanted)
        const there = world.records.filter(({ kind, gone }) => kind === object && !gone).length
        all += 1
        some += wanted.length > 0 && wanted.length < there ? 1 : 0
      }
    }
  }), { numRuns: RUNS })
  // A law that only ever asked about everything or nothing would say little.
  expect(some / all).toBeGreaterThan(0.1)
})

interface Found { object: Kind; action: Action; how: string; rows: number[] }

/** Every action on every object, asked of the lens as one predicate, and for reading also way by way. */
async function everything(tx: Tx, me: number): Promise<Found[]> {
  const ctx = await memberContext(tx, me + 1)
  const answers = OBJECTS.flatMap((object) => [
    ...ACTIONS.map((action) => ({ object, action, how: 'rows', ask: (given: ReturnType<typeof params>) => [lensOf(ctx, object).rows(action, 'r', given)] })),
    ...[true, false].map((byCreation) => ({ object, action: 'read' as const, how: `ways ${byCreation}`, ask: (given: ReturnType<typeof params>) => lensOf(ctx, object).ways('r', given, byCreation) })),
  ])
  return Promise.all(answers.map(async ({ ask, ...what }) => {
    const given = params()
    const text = ask(given).map((rows) => `select r.f_name::int as at from {t}.o_${what.object} r where ${rows}`).join(' union all ')
    const rows = (await tx.query<{ at: number }>(text, given.values)).map(({ at }) => at)
    return { ...what, rows: rows.sort((a, b) => a - b) }
  }))
}

async function settle(tx: Tx, { teams, members, roles, records }: World): Promise<void> {
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'definition' })
  for (const [n, access] of roles.entries()) expect(await publish(ctx, 'role', `role${n}`, roleOf(access, n))).toMatchObject({ ok: true })
  await tx.query(`truncate {t}.team, {t}.absence, {t}.member, ${OBJECTS.map((object) => `{t}.o_${object}`).join(', ')}`)
  const one = (at: number | null) => (at === null ? null : at + 1)
  await tx.query(`insert into {t}.team (id, name, parent, head) select * from json_to_recordset($1) as x(id int, name text, parent int, head int)`,
    [JSON.stringify(teams.map(({ parent, head }, i) => ({ id: i + 1, name: `${i}`, parent: one(parent), head: one(head) })))])
  await tx.query(`insert into {t}.member (id, name, roles, team, teams, created_at) select x.id, x.name, x.roles, x.team, x.teams, $2 from json_to_recordset($1) as x(id int, name text, roles text[], team int, teams int[])`,
    [JSON.stringify(members.map(({ team, further, roles: held }, i) => ({ id: i + 1, name: `${i}`, roles: held.map((role) => `role${role}`), team: one(team), teams: further.map((each) => each + 1) }))), tx.now])
  await tx.query(`insert into {t}.absence (member, kind, from_at, to_at, stand_ins, state) select x.member, 'other', $2::timestamptz - interval '1 hour', $2::timestamptz + interval '1 day', x.stand_ins, 'running' from json_to_recordset($1) as x(member int, stand_ins int[])`,
    [JSON.stringify(members.flatMap(({ away, standIns }, i) => (away ? [{ member: i + 1, stand_ins: standIns.map((each) => each + 1) }] : []))), tx.now])
  for (const object of OBJECTS) await settleRecords(tx, object, records)
  await bumpEpoch(tx)
}

const VIA: Record<Kind, string> = { account: '', deal: ', f_account', paper: ', f_deal', note: ', f_about, f_about__object' }

async function settleRecords(tx: Tx, object: Kind, records: World['records']): Promise<void> {
  const rows = records.flatMap((record, i) => (record.kind === object ? [{
    id: idOf(i), name: `${i}`, owner: record.owner === null ? null : record.owner + 1, owner_team: record.team === null ? null : record.team + 1,
    collaborators: [...new Set([...record.readers, ...record.writers])].map((id) => id + 1), co_editors: record.writers.map((id) => id + 1), gone: record.gone ? 1 : null,
    via: record.parent === null ? null : idOf(record.parent), via_object: record.parent === null ? null : records[record.parent]!.kind,
  }] : []))
  const values = VIA[object].split(',').filter(Boolean).map((column) => (column.includes('__object') ? ', x.via_object' : ', x.via')).join('')
  await tx.query(`insert into {t}.o_${object} (id, version, created_at, updated_at, f_name, owner, owner_team, collaborators, co_editors, gone_act${VIA[object]})
    select x.id, 1, $2, $2, x.name, x.owner, x.owner_team, x.collaborators, x.co_editors, x.gone${values}
    from json_to_recordset($1) as x(id uuid, name text, owner int, owner_team int, collaborators int[], co_editors int[], gone bigint, via uuid, via_object text)`, [JSON.stringify(rows), tx.now])
}

const idOf = (at: number): string => `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
