import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '#kernel/metadata'
import { advanceClock } from '#platform/db'
import { PEOPLE, type Workshop, workshop } from '../records/testing/workshop.ts'
import { dispatch, keepBack, keptFor, noticesOf, post, showKept, tell } from './index.ts'

let home: Workshop
beforeAll(async () => {
  home = await workshop()
  await home.as('kernel', (ctx) => publish(ctx, 'rule', 'r', { key: 'r', label: { zh: '规', en: 'R' }, trigger: { on: 'created', object: 'site' }, condition: { all: [] }, priority: 1, actions: [{ do: 'webhook', url: 'https://example.com/' }] }, { state: 'active' }))
})
afterAll(() => home.drop())

const HOUR_MS = 3_600_000
let count = 0
const inHours = async (hours: number) => new Date((await home.looking('kernel', async ({ now }) => now.getTime())) + hours * HOUR_MS)
const keep = async (until: Date) => {
  const name = `kept ${++count}`
  await home.as('kernel', async ({ tx }) => {
    await tell(tx, [{ member: PEOPLE.ann, kind: 'k', title: name, body: null, object: null, record: null, groupKey: null, event: count, rule: 'r', heldUntil: until }])
    await post(tx, [{ channel: 'webhook', key: name, body: {}, event: count, rule: 'r', owner: PEOPLE.ann, notBefore: until }])
  })
  return name
}
const sent: string[] = []
const channels = { webhook: { idempotent: true, send: async ({ key }: { key: string }) => { sent.push(key); return { is: 'delivered' as const } } } }
/** What its member sees and what has left, by now. */
const came = async (name: string) => {
  await home.as('kernel', ({ tx }) => showKept(tx))
  await dispatch(home.db, home.tenant, channels)
  return [(await home.looking('ann', ({ tx }) => noticesOf(tx, { member: PEOPLE.ann, limit: 50 }))).some(({ title }) => title === name), sent.includes(name)]
}

test('O31 what is kept back comes when its time has come, and no sooner', async () => {
  const name = await keep(await inHours(2))
  expect([await came(name), await home.looking('ann', ({ tx }) => keptFor(tx, PEOPLE.ann))]).toEqual([[false, false], { notices: 1, outside: 1 }])
  await advanceClock(home.db, home.tenant, 2 * HOUR_MS)
  expect([await came(name), await home.looking('ann', ({ tx }) => keptFor(tx, PEOPLE.ann))]).toEqual([[true, true], { notices: 0, outside: 0 }])
})

test('O31 it follows its member when hours are settled anew: later, or at once', async () => {
  const name = await keep(await inHours(2))
  const settle = (until: Date | null) => home.as('kernel', ({ tx }) => keepBack(tx, { member: PEOPLE.ann, until, paused: [] }))
  await settle(await inHours(6))
  await advanceClock(home.db, home.tenant, 3 * HOUR_MS)
  expect(await came(name)).toEqual([false, false])
  await settle(null)
  expect(await came(name)).toEqual([true, true])
})
