import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asking, kernelContext, lensOf, maskedValue, params, type Context, type LensField, type MemberFacts } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import type { Role } from '#language/definitions'
import type { Tx } from '#platform/db'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'
import { FIELDS, judged, THINGS, worlds, type Thing, type Verdict, type World } from './policies.ts'

/** Decisions of one field or action of one record: 30,000 in `npm test`, 2,500,000 in `npm run laws`. */
const RUNS = Math.ceil(Number(process.env['LAW_RUNS'] ?? 1_000) / 2)

let home: FreshTenant
beforeAll(async () => { home = await freshTenant({ solution: THINGS }) })
afterAll(() => home.drop())

test('A24 A32 SQL decides every field and action of every record as the reference does, whatever the order of policies; what is seen in memory is what SQL gives', { timeout: 3_600_000 }, async () => {
  let [partly, all] = [0, 0]
  await fc.assert(fc.asyncProperty(worlds, fc.integer({ min: 0, max: 5 }), async (world, turn) => {
    const turned = { ...world, policies: [...world.policies.slice(turn), ...world.policies.slice(0, turn)] }
    const found = await home.db.mutate(home.tenant, async (tx) => { await settle(tx, world.things); return decided(tx, turned) })
    const wanted = world.things.map((thing) => told(judged(world, thing)))
    expect(found.map(({ verdict }) => verdict)).toEqual(wanted)
    for (const { values, seen } of found) expect(values).toEqual(seen)
    for (const { fields } of wanted) for (const key of FIELDS) { all += 1; partly += fields && fields[key].read !== 'full' && fields[key].read !== 'hidden' ? 1 : 0 }
  }), { numRuns: RUNS })
  // A law that met no masks would say little about them.
  expect(partly / all).toBeGreaterThan(0.03)
})

type Told = Pick<Verdict, 'sees'> & Partial<Verdict>
/** Of a record that is not seen nothing more is said. */
const told = (verdict: Verdict): Told => (verdict.sees ? verdict : { sees: false })

interface Found { verdict: Told; values: unknown; seen: unknown }
async function decided(tx: Tx, world: World): Promise<Found[]> {
  const kernel = await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'definition' })
  const ctx: Context = { ...kernel, metadata: standing(kernel.metadata, world), principal: { kind: 'member', member: factsOf(world) } }
  const lens = lensOf(ctx, 'thing')
  const place = { alias: 'r', params: params() }
  const readable = FIELDS.flatMap((key) => lens.field(key) ?? [])
  const cells = readable.flatMap((field) => [`${field.column('r', place.params)} as "v_${field.key}"`, `r."f_${field.key}" as "raw_${field.key}"`, `${stateSql(field, place)} as "s_${field.key}"`, `${field.varies?.writable(place) ?? 'true'} as "w_${field.key}"`])
  // The same once more, part by part and by what is asked beside the row: as filters, lists and pages read it.
  const beside = asking(place.params)
  const judges = readable.flatMap(({ key, varies }) => (varies ? [{ key, judged: varies.judged({ alias: 'r', params: beside.params }) }] : []))
  const parts = readable.flatMap((field) => { const cases = field.varies?.cases(place) ?? []; return cases.length === 0 ? [] : [`array[${cases.map(({ when }) => `(${when}) is true`).join(', ')}] as "c_${field.key}"`, `(case ${cases.map(({ when, sql }) => `when ${when} then ${sql}`).join(' ')} end) as "p_${field.key}"`] })
  const reach = (['read', 'edit', 'delete'] as const).map((action) => `(${lens.reach(action, 'r', place.params)}) is true as "$${action}"`)
  const rows = await tx.query<Record<string, unknown>>(`select ${[...reach, ...cells, ...parts, ...beside.columns()].join(', ')} from {t}.o_thing r${beside.beside()} order by r.id`, place.params.values)
  return rows.map((row) => {
    const fields = Object.fromEntries(FIELDS.map((key) => { const read = row[`s_${key}`] ?? 'hidden'; return [key, { read, write: read === 'full' && lens.writable.has(key) && row[`w_${key}`] === true }] })) as Verdict['fields']
    expect(judges.map(({ judged }) => judged(beside.answers(row)))).toEqual(judges.map(({ key }) => ({ read: row[`s_${key}`], write: row[`w_${key}`] === true })))
    const inParts = readable.map(({ key }) => key).filter((key) => row[`c_${key}`] !== undefined)
    expect(inParts.map((key) => [(row[`c_${key}`] as boolean[]).filter(Boolean).length, row[`p_${key}`]])).toEqual(inParts.map((key) => [row[`s_${key}`] === 'hidden' ? 0 : 1, row[`v_${key}`]]))
    const seen = readable.map(({ key, see }) => see(row[`raw_${key}`], fields[key as 'a'].read) ?? null)
    expect(seen).toEqual(readable.map(({ key }) => maskedValue(fields[key as 'a'].read, row[`raw_${key}`]) ?? null))
    const verdict = row['$read'] === true ? { sees: true, edits: row['$edit'] === true, deletes: row['$delete'] === true, fields } : { sees: false }
    return { verdict, values: readable.map(({ key }) => row[`v_${key}`] ?? null), seen }
  })
}

const stateSql = ({ read, varies }: LensField, place: Parameters<NonNullable<LensField['varies']>['state']>[0]): string => varies?.state(place) ?? `'${read}'`

function standing(metadata: Metadata, { roles, policies, rolesDecide }: World): Metadata {
  const named = Object.entries(roles).map(([key, thing]): [string, Role] => [key, { key, label: { zh: key, en: key }, rights: [], home: 'tasks', objects: { thing } }])
  return { ...metadata, roles: new Map(named), policies: new Map(policies.map((each) => [each.key, each])), policiesOf: () => policies, rolesDecide }
}

const factsOf = ({ member }: World): MemberFacts => ({ id: member.id, name: '', roles: member.roles, teams: [], teamTree: [], supervisor: null, rights: new Set(), standsFor: [] })

async function settle(tx: Tx, things: readonly Thing[]): Promise<void> {
  const [tag] = await tx.query<{ id: number }>(`select id from {t}.tag where key = 't'`)
  await tx.query('delete from {t}.o_thing')
  await tx.query(`insert into {t}.o_thing (id, version, created_at, updated_at, f_a, f_b, f_n, f_d, tags, owner, collaborators)
    select x.id, 1, $2, $2, x.a, x.b, x.n, x.d, case when x.tagged then array[$3::int] else '{}' end, x.owner, case when x.helper is null then '{}' else array[x.helper] end
    from json_to_recordset($1) as x(id uuid, a text, b text, n numeric, d date, tagged bool, owner int, helper int)`,
  [JSON.stringify(things.map((thing, i) => ({ ...thing, id: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}` }))), tx.now, tag!.id])
}
