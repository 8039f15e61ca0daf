import { afterAll, beforeAll, expect, test } from 'vitest'
import { STANDARD_NOTICES } from '#language/definitions'
import { PEOPLE, type Workshop, workshop } from '../records/testing/workshop.ts'
import { noticeSettingsOf, setNoticeSettings } from './index.ts'

let home: Workshop
beforeAll(async () => { home = await workshop() })
afterAll(() => home.drop())

test('B25 a member’s settings are their own, logged, and nothing when nothing changed', async () => {
  const logged = () => home.looking('chief', ({ tx }) => tx.query<{ by: string }>(`select a.actor_ref as by from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:member' and c.fields ? 'notices'`))
  const mine = () => home.looking('lead', (ctx) => noticeSettingsOf(ctx, PEOPLE.lead))
  expect(await mine()).toEqual(STANDARD_NOTICES)
  const settings = { ...STANDARD_NOTICES, digest: { on: true, at: '07:15' } }
  await home.as('lead', (ctx) => setNoticeSettings(ctx, PEOPLE.lead, settings))
  await home.as('lead', (ctx) => setNoticeSettings(ctx, PEOPLE.lead, settings))
  expect((await logged()).map(({ by }) => Number(by))).toEqual([PEOPLE.lead])
  expect([await mine(), await home.looking('ann', (ctx) => noticeSettingsOf(ctx, PEOPLE.ann))]).toEqual([settings, STANDARD_NOTICES])
})
