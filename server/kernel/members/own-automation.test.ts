import { afterAll, beforeAll, expect, test } from 'vitest'
import { bumpEpoch } from '#kernel/metadata'
import type { OwnAutomation } from '#language/definitions'
import { PEOPLE, type Workshop, workshop } from '../records/testing/workshop.ts'
import { ownAutomationOf, setOwnAutomation } from './index.ts'

let home: Workshop
beforeAll(async () => {
  home = await workshop()
  await home.as('kernel', async ({ tx }) => {
    for (const [key, required] of [['free', undefined], ['must', true]] as const) await tx.query(`insert into {t}.definition (kind, key, version, state, body, published_at, published_by) values ('rule', $1, 1, 'active', $2, $3, 1)`,
      [key, JSON.stringify({ key, label: { zh: key, en: key }, trigger: { on: 'created', object: 'nothing' }, condition: { all: [] }, actions: [], priority: 1, ...(required && { required }) }), tx.now])
    await bumpEpoch(tx)
  })
})
afterAll(() => home.drop())

const settle = (settings: Partial<OwnAutomation>) => home.as('ann', (ctx) => setOwnAutomation(ctx, PEOPLE.ann, { paused: [], slots: [], ...settings }))
const logged = () => home.looking('chief', ({ tx }) => tx.query<{ fields: unknown; by: string }>(`select c.fields, a.actor_ref as by from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:own_automation' order by c.seq`))

test('B28 what a member settles is theirs, logged, known to the engine’s next batch, and nothing when nothing changed', async () => {
  const slots = [{ days: [3], from: '15:00', to: null }]
  await settle({ paused: ['free', 'no_such_rule'], slots })
  await settle({ paused: ['free'], slots })
  expect(await home.looking('ann', (ctx) => ownAutomationOf(ctx, PEOPLE.ann))).toEqual({ paused: ['free'], slots })
  expect(await home.looking('ann', (ctx) => ownAutomationOf(ctx, PEOPLE.lead))).toEqual({ paused: [], slots: [] })
  expect(await logged()).toEqual([{ fields: { paused: [[], ['free']], slots: [[], slots] }, by: String(PEOPLE.ann) }])
})

test('B28 a required rule, and closing all of the week, are refused', async () => {
  await expect(settle({ paused: ['must'] })).rejects.toMatchObject({ refusal: { code: 'RULE_REQUIRED' } })
  await expect(settle({ slots: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: null }] })).rejects.toMatchObject({ refusal: { code: 'SLOTS_NEVER_OPEN' } })
})
