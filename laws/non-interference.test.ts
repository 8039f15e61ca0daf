import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import type { Policy } from '#language/definitions'
import { publishAll } from '#kernel/metadata'
import { writeOrRefuse } from '#kernel/records'
import { ids } from '#platform/db'
import { house, type House, type Person } from '../server/api/testing/house.ts'
import { requests, type Asked } from './non-interference.ts'

/** Pairs of worlds, each asked one script: 300 in `npm test`, 10,000 in `npm run laws`. */
const PAIRS = Math.ceil(Number(process.env['LAW_RUNS'] ?? 3_000) / 10)
const SCRIPTS = 30

const label = { zh: '法', en: 'Law' }
/** Hidden, masked, or in full: by the record, for those who hold the supervisor's role. */
const policy = (key: string, when: Policy['when'], fields: Policy['fields']) => ({ kind: 'policy' as const, key, body: { key, label, object: 'customer', effect: 'limit', who: { roles: ['supervisor'] }, when, fields, actions: [] } })
const POLICIES = [
  policy('law_address', { field: 'tags', op: 'has', value: '敏感客户' }, { address: { read: 'hidden' } }),
  policy('law_amount', { field: 'level', op: 'eq', value: 'a' }, { annual_purchase: { read: 'hidden' } }),
  policy('law_phone', { field: 'industry', op: 'under', value: 'finance' }, { phone: { read: 'last4' } }),
]
/** An export is numbered like a request, whatever is in it; every row carries the number. */
const EXPORTED = /导出编号[^\n"]*| E\d+(?=\r?\n|\\r\\n|"|$)/g
const INDUSTRY = ['bank', 'software', 'insurance', 'auto']
interface Row { id: string; i: number; finance: boolean; sealed: boolean; grade: boolean; seen: boolean }
const ROWS: Row[] = Array.from({ length: 16 }, (_, i) => ({ id: ids.next(), i, finance: i % 4 === 0 || i % 4 === 2, sealed: i % 3 === 0, grade: i % 5 < 2, seen: i < 12 }))

let home: House
beforeAll(async () => {
  home = await house()
  const { sales } = home.people
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'definition' })
    const made = await publishAll(ctx, POLICIES)
    if (!made.ok) throw new Error(JSON.stringify(made.refusals))
  })
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'law' }, { kind: 'member' })
    await writeOrRefuse(ctx, ROWS.map(({ id, i, sealed, grade, seen }) => ({
      op: 'create', object: 'customer', id, owner: seen ? sales.id : null, tags: sealed ? ['敏感客户'] : [],
      values: { kind: 'company', name: `金茂${i}号`, address: `人民路 ${i} 号`, phone: `1380013800${i % 10}`, annual_purchase: String(i * 100_000), risk_rating: `r${(i % 5) + 1}`, level: grade ? 'a' : 'b', industry: INDUSTRY[i % 4]! },
    })))
  })
})
afterAll(() => home.close())

/** What the supervisor may not see, told anew: hidden cells anything, masked ones anything with the same mask, whole rows of others anything; in the rows and in the log. */
type World = Record<'address' | 'annual_purchase' | 'risk_rating' | 'phone', string | null>[]
const cells = fc.record({
  address: fc.option(fc.constantFrom('金茂路 1 号', '路 a', '人民路 3 号', '8001')), annual_purchase: fc.option(fc.constantFrom('0', '5', '500000', '999999')),
  risk_rating: fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5'), phone: fc.constantFrom('138', '139', '150', '177').map((head) => head),
})
const worlds: fc.Arbitrary<World> = fc.array(cells, { minLength: ROWS.length, maxLength: ROWS.length })

async function become(world: World): Promise<void> {
  const hidden = ROWS.flatMap(({ id, i, finance, sealed, grade, seen }) => {
    const cell = world[i]!
    const next: Record<string, string | null> = {
      ...((sealed || !seen) && { address: cell.address }), ...((grade || !seen) && { annual_purchase: cell.annual_purchase }),
      ...((finance || !seen) && { risk_rating: cell.risk_rating, phone: `+86${cell.phone}00000000`.slice(0, 10) + `${8000 + (i % 10)}` }),
    }
    return Object.entries(next).map(([key, value]) => ({ id, key, value }))
  })
  await home.db.mutate(home.tenant, async (tx) => {
    for (const [key, rows] of Map.groupBy(hidden, (each) => each.key)) {
      await tx.query(`update {t}.o_customer r set f_${key} = x.value::${key === 'annual_purchase' ? 'numeric' : 'text'} from json_to_recordset($1) as x(id uuid, value text) where r.id = x.id`, [JSON.stringify(rows)])
    }
  })
}

/** Exports are few in an hour; what was not answered in one world is not compared. */
const SLOWED = '429'

/** The answer without what differs between any two requests: its number, its instant. */
const TIMED = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g
async function answer(who: Person, { method, url, body }: Asked): Promise<string> {
  const at = url.replace('{i}', ROWS[3]!.id).replace('{h}', ROWS[0]!.id).replace('{x}', ROWS[13]!.id)
  const { status, headers, raw } = await home.ask(who, method, at, body, method === 'POST' ? { 'idempotency-key': ids.next() } : {})
  expect(status, `${method} ${at}`).toBeLessThan(500)
  if (status === 429) return SLOWED
  return JSON.stringify([status, headers['content-type'], headers['etag'], raw.toString('utf8').replace(/"requestId":"[^"]*"/, '').replaceAll(TIMED, '').replaceAll(EXPORTED, '')])
}

test('A22 two worlds that differ in what somebody may not see give them the same bytes on every route', { timeout: 3_600_000 }, async () => {
  const { supervisor, admin } = home.people
  let [told, pairs] = [0, 0]
  await fc.assert(fc.asyncProperty(worlds, worlds, fc.array(fc.array(requests, { minLength: 2, maxLength: 5 }), { minLength: SCRIPTS, maxLength: SCRIPTS }), async (one, other, scripts) => {
    const asked = [...new Map(scripts.flat().map((each) => [JSON.stringify(each), each])).values()]
    const ask = async (who: Person, those: readonly Asked[]) => { const answers = new Map<string, string>(); for (const each of those) answers.set(JSON.stringify(each), await answer(who, each)); return answers }
    await become(one)
    const [first, hinted] = [await ask(supervisor, asked), await ask(admin, asked.slice(0, 12))]
    await become(other)
    const [second, differing] = [await ask(supervisor, asked), await ask(admin, asked.slice(0, 12))]
    const both = [...first].filter(([question, said]) => said !== SLOWED && second.get(question) !== SLOWED)
    expect(both.map(([question]) => [question, second.get(question)])).toEqual(both)
    pairs += scripts.length
    told += [...hinted].filter(([question, said]) => differing.get(question) !== said).length / Math.max(1, hinted.size)
  }), { numRuns: Math.ceil(PAIRS / SCRIPTS), endOnFailure: true })
  // Questions that say nothing to anybody would prove nothing: of those put to somebody who sees all, so many differ.
  const rate = told / Math.ceil(PAIRS / SCRIPTS)
  process.stdout.write(`non-interference: ${pairs} pairs, ${Math.round(rate * 100)} % of the questions tell the worlds apart for whoever sees all\n`)
  expect(rate).toBeGreaterThan(0.05)
})
