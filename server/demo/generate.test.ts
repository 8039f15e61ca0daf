import { describe, expect, test } from 'vitest'
import { parsePhone } from '#language/values'
import { loadCompany, loadSolution } from '../../solutions/index.ts'
import { generateDemo } from './generate.ts'
import type { Act } from './history.ts'
import { SIGNOFFS } from './signoffs.ts'
import { DAY, dayStart } from './working-time.ts'

const company = loadCompany('yunqi')!
const solution = loadSolution('yunqi')
const pastOf = (now: string, leads: number, seed?: number) => generateDemo({ company, solution, now: new Date(now), leads, ...(seed !== undefined && { seed }) })

interface Row { owner: string | null; values: Record<string, unknown> }
/** What the acts leave behind, with the follow-ups' stamps. */
function replay(acts: readonly Act[], object: string): Row[] {
  const rows = new Map<string, Row>()
  for (const { at, writes } of acts) for (const write of writes) {
    const subject = write.op === 'create' && write.object === 'activity' ? rows.get((write.values['subject'] as { id: string }).id) : undefined
    if (subject && write.op === 'create') Object.assign(subject.values, { next_contact_at: write.values['next_at'], first_touch_at: subject.values['first_touch_at'] ?? at })
    if (write.object !== object) continue
    if (write.op === 'delete') { rows.delete(write.id); continue }
    const row = rows.get(write.id) ?? { owner: null, values: { status: 'unassigned' } }
    rows.set(write.id, row)
    Object.assign(row.values, write.values)
    if (write.owner !== undefined) row.owner = write.owner
  }
  return [...rows.values()]
}

test('the same seed and present give the same past; another seed another one', () => {
  const first = JSON.stringify(pastOf('2026-11-24T07:00:00Z', 600))
  expect(JSON.stringify(pastOf('2026-11-24T07:00:00Z', 600)) === first).toBe(true)
  expect(JSON.stringify(pastOf('2026-11-24T07:00:00Z', 600, 7)) === first).toBe(false)
})

// The Friday eleven months ago, a working morning, a Sunday, shortly after midnight, a Monday at nine, New Year, three days on which little was sold; a past of people's size and the small one of the journeys.
describe.each([['2026-11-22T10:34:00Z', 4000], ['2026-11-24T02:30:00Z', 1200], ['2026-11-22T04:50:00Z', 1200], ['2026-11-25T16:10:00Z', 4000], ['2026-11-30T01:00:00Z', 1200], ['2027-01-01T11:00:00Z', 1200], ['2026-11-26T02:47:07Z', 2040], ['2026-11-23T01:49:07Z', 2040], ['2026-12-01T11:33:14.655Z', 1200]] as const)('seen from %s, %i leads', (instant, size) => {
  const now = Date.parse(instant)
  const acts = pastOf(instant, size)
  const leads = replay(acts, 'lead')

  test('nothing happens in the future, and everything in order', () => {
    expect(acts.every(({ at }, i) => at <= now && (i === 0 || acts[i - 1]!.at <= at))).toBe(true)
    expect(acts.every(({ at }) => Number.isInteger(at))).toBe(true)
  })

  test('nothing is said about what is not there yet', () => {
    const known = new Set<string>()
    const early = acts.flatMap(({ writes }) => writes.flatMap((write) => { if (write.op !== 'create') return []; known.add(write.id); const subject = write.values['subject'] as { id: string } | undefined; return subject && !known.has(subject.id) ? [write.object] : [] }))
    expect(early).toEqual([])
  })

  test('leads with valid phones of their own', () => {
    expect(leads.length).toBeGreaterThanOrEqual(size)
    const phones = leads.map(({ values }) => values['phone']).filter((phone) => phone !== undefined) as string[]
    expect(new Set(phones).size).toBe(phones.length)
    expect(phones.every((phone) => { const parsed = parsePhone(phone); return parsed.ok && parsed.e164 === phone })).toBe(true)
  })

  test.each(['lina', 'xuzihan', 'zhaolei', 'huangjiaxin'])('%s has seven to twelve leads to contact today and one to three promises open from before', (member) => {
    const tomorrow = dayStart(now) + DAY
    const open = leads.filter(({ owner, values }) => owner === member && !['converted', 'invalid', 'pool'].includes(values['status'] as string))
    const due = open.filter(({ values }) => values['first_touch_at'] === undefined || Date.parse(values['next_contact_at'] as string) < tomorrow)
    expect(due.length).toBeGreaterThanOrEqual(7)
    expect(due.length).toBeLessThanOrEqual(12)
    expect(new Set(due.map(({ values }) => values['grade']))).toEqual(new Set(['red', 'yellow', 'green']))
    const promises = replay(acts, 'task').filter(({ owner, values }) => owner === member && values['status'] === 'open' && Date.parse(values['due_at'] as string) < dayStart(now))
    expect(promises.length).toBeGreaterThanOrEqual(1)
    expect(promises.length).toBeLessThanOrEqual(4)
  })

  test('somebody did something on the site within the last hours', () => {
    const latest = acts.findLast(({ writes }) => writes.some((write) => write.op === 'create' && write.object === 'behaviour'))
    expect(now - latest!.at).toBeLessThan(3 * 3_600_000)
  })

  test('seven quotes wait for a signature; the one that will be refused is lina\'s', () => {
    const drafts = replay(acts, 'quote').filter(({ values }) => values['approval'] === 'draft')
    expect([drafts.length, drafts[SIGNOFFS.findIndex(({ said }) => said.some((each) => each !== true))]!.owner]).toEqual([7, 'lina'])
  })

  test('no text has a hole in it', () => {
    expect(JSON.stringify(acts)).not.toMatch(/undefined|NaN|\{\w+\}|null 总/)
  })
})
