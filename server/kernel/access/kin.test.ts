import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Condition } from '#language/conditions'
import { lensOf, type Context, type MemberFacts } from '#kernel/access'
import { publishAll } from '#kernel/metadata'
import { listRecords, writeOrRefuse, type Intent, type RecordView } from '#kernel/records'
import { ids } from '#platform/db'
import { PEOPLE, workshop, type Workshop } from '../records/testing/workshop.ts'

let home: Workshop
interface Job { id: string; name: string; owner: number; team: number; shared: number[] }
/** The teams of the workshop: 2 below 1, and 3. */
const JOBS: readonly Job[] = [[PEOPLE.ann, 2], [PEOPLE.bob, 3], [PEOPLE.chief, 1], [PEOPLE.ann, 2, 3], [PEOPLE.bob, 3, 2], [PEOPLE.lead, 2], [PEOPLE.watcher, 3]].map(([owner, team, ...shared], i) => ({ id: ids.next(), name: `单${i}`, owner: owner!, team: team!, shared }))
const label = { zh: '策略', en: 'Policy' }

beforeAll(async () => {
  home = await workshop()
  await home.as('chief', async (ctx) => {
    await writeOrRefuse(ctx, JOBS.map(({ id, name, owner }): Intent => ({ op: 'create', object: 'job', id, values: { name }, owner })))
    await writeOrRefuse(ctx, JOBS.filter(({ shared }) => shared.length > 0).map(({ id, shared }): Intent => ({ op: 'update', object: 'job', id, share: shared.map((member) => ({ member, access: 'read' })) })))
    const policy = { key: 'star', label, object: 'job', effect: 'limit', except: { relations: ['owner', 'ownerTeam'] }, fields: { name: { read: 'star' } }, actions: [] }
    if (!(await publishAll(ctx, [{ kind: 'policy', key: 'star', body: policy }])).ok) throw new Error('not published')
  })
})
afterAll(() => home.drop())

type Facts = Pick<MemberFacts, 'id' | 'roles' | 'teams' | 'teamTree' | 'standsFor'>
const MEMBERS: readonly Omit<Facts, 'roles'>[] = [
  { id: 2, teams: [2], teamTree: [2], standsFor: [] }, { id: 3, teams: [3], teamTree: [3], standsFor: [] }, { id: 4, teams: [2], teamTree: [2], standsFor: [] },
  { id: 1, teams: [1], teamTree: [1, 2], standsFor: [] }, { id: 6, teams: [3], teamTree: [3], standsFor: [2] }, { id: 9, teams: [2], teamTree: [2], standsFor: [3] }, { id: 10, teams: [2, 3], teamTree: [2, 3], standsFor: [] },
]
const ROLES = ['fixer', 'lead', 'area', 'watcher'] as const
const as = <T>(facts: Facts, look: (ctx: Context) => Promise<T>): Promise<T> =>
  home.looking('ann', (ctx) => look({ ...ctx, principal: { kind: 'member', member: { name: '', supervisor: null, rights: new Set(), ...facts } } }))

/** What this one sees of every record, judged one by one. */
function told({ id, roles: [role], teams, teamTree, standsFor }: Facts): string[] {
  const reached = { fixer: [], lead: teams, area: teamTree, watcher: [1, 2, 3] }[role as (typeof ROLES)[number]] as readonly number[]
  const seen = JOBS.filter(({ owner, team, shared }) => owner === id || shared.includes(id) || standsFor.includes(owner) || reached.includes(team))
  return seen.map(({ name, owner, team, id: job }) => `${job} ${owner === id || standsFor.includes(owner) || teamTree.includes(team) ? name : '***'}`).sort()
}
const line = ({ id, values }: RecordView): string => `${id} ${String(values['name'])}`

async function paged(facts: Facts, sort: 'created_at' | 'name', filter?: Condition): Promise<string[]> {
  return as(facts, async (ctx) => {
    const found: string[] = []
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await listRecords(ctx, 'job', { limit: 2, fields: ['name'], sort: [{ field: sort, direction: 'desc' }], ...(filter && { filter }), ...(cursor !== undefined && { cursor }) })
      found.push(...page.records.map(line))
      more = page.next !== null
      cursor = page.next ?? undefined
    }
    return found.sort()
  })
}

test('A45 what is worded once for many tells each of them what is theirs, in whatever order they come', async () => {
  for (const turn of [MEMBERS, [...MEMBERS].reverse()]) for (const role of ROLES) for (const member of turn) for (const sort of ['created_at', 'name'] as const) {
    const facts = { ...member, roles: [role] }
    expect([facts, await paged(facts, sort)]).toEqual([facts, told(facts)])
  }
})

test('A45 a filter that asks who looks is asked for each', async () => {
  for (const member of MEMBERS) {
    const facts = { ...member, roles: ['watcher'] }
    const mine = JOBS.filter(({ owner }) => owner === member.id).map(({ id }) => id)
    expect((await paged(facts, 'created_at', { field: 'owner', op: 'eq', value: { me: true } })).map((each) => each.split(' ')[0])).toEqual(mine.sort())
  }
})

test('A45 it is shared by those only to whom the same is said', async () => {
  const kin = (facts: Partial<Facts>) => as({ ...MEMBERS[0]!, roles: ['lead'], ...facts }, async (ctx) => lensOf(ctx, 'job').kin)
  const one = await kin({})
  expect(one).not.toBeNull()
  expect(await kin({ id: 77, teams: [3], teamTree: [3] })).toBe(one)
  for (const other of [{ roles: ['area'] }, { roles: ['lead', 'area'] }, { teams: [2, 3] }, { teamTree: [2, 3] }, { standsFor: [3] }]) expect(await kin(other)).not.toBe(one)
  await home.as('chief', (ctx) => publishAll(ctx, [{ kind: 'policy', key: 'named', body: { key: 'named', label, object: 'job', effect: 'limit', who: { members: [77] }, fields: { price: { read: 'hidden' } }, actions: [] } }]))
  expect(await kin({ id: 77 })).not.toBe(await kin({ id: 2 }))
  expect(await kin({ id: 3 })).toBe(await kin({ id: 2 }))
  await home.as('chief', (ctx) => publishAll(ctx, [{ kind: 'policy', key: 'mine', body: { key: 'mine', label, object: 'job', effect: 'limit', when: { field: 'checker', op: 'eq', value: { me: true } }, fields: { price: { read: 'hidden' } }, actions: [] } }]))
  expect(await kin({})).toBeNull()
})
