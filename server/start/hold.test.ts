import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { drain } from '#kernel/automation'
import { publish, setRuleState } from '#kernel/metadata'
import { dispatch, keepBack, post, retry } from '#kernel/delivery'
import type { Tx } from '#platform/db'
import { freshTenant, type FreshTenant } from '../../test/tenant.ts'
import { backUp, restore } from './backups.ts'
import { hold, release } from './hold.ts'

let home: FreshTenant
let folder: string
const author = (tx: Tx) => ({ tx, actor: { kind: 'system' as const, reason: 'test' } })
const mutate = <T>(work: (tx: Tx) => Promise<T>) => home.db.mutate(home.tenant, work)
const HOOK = { key: 'hook', label: { zh: '钩', en: 'Hook' }, trigger: { on: 'created', object: 'thing' }, condition: { all: [] }, priority: 1, actions: [{ do: 'webhook', url: 'https://example.com/' }] }

beforeEach(async () => {
  home = await freshTenant()
  folder = mkdtempSync(path.join(tmpdir(), 'nextmove-hold-'))
  await mutate(async (tx) => {
    await publish(author(tx), 'object', 'thing', { key: 'thing', label: { zh: '物', en: 'Thing' }, title: 'name', fields: [{ key: 'name', label: { zh: '名', en: 'Name' }, kind: 'text' }] })
    await publish(author(tx), 'rule', 'hook', HOOK, { state: 'active' })
    await publish(author(tx), 'rule', 'off', { ...HOOK, key: 'off' }, { state: 'paused' })
    await post(tx, ['hook', 'off', null].map((rule) => ({ channel: 'webhook', key: `left by ${rule}`, body: {}, event: 1, rule, owner: 7 })))
  })
})
afterEach(async () => { rmSync(folder, { recursive: true, force: true }); await home.drop() })

const sent: string[] = []
const channels = { webhook: { idempotent: true, send: async ({ key }: { key: string }) => { sent.push(key); return { is: 'delivered' as const } } } }
/** What has left by now, when everybody who might let it go has looked. */
async function left(): Promise<string[]> {
  sent.length = 0
  await drain(home.db, home.tenant)
  await mutate((tx) => setRuleState(author(tx), 'off', 'active'))
  await drain(home.db, home.tenant)
  await mutate((tx) => keepBack(tx, { member: 7, until: null, paused: [] }))
  while ((await dispatch(home.db, home.tenant, channels)) > 0);
  return sent.toSorted()
}

test('what a restore has held back leaves when it is released: no look of the engine, no publication and no member lets it go', async () => {
  expect(await hold(home.db, home.tenant, folder)).toEqual({ deliveries: 3, timers: 0 })
  expect(await left()).toEqual([])
  await mutate((tx) => setRuleState(author(tx), 'off', 'paused'))
  expect(await release(home.db, home.tenant)).toEqual({ deliveries: 3, timers: 0 })
  while ((await dispatch(home.db, home.tenant, channels)) > 0);
  expect(sent.toSorted()).toEqual(['left by hook', 'left by null'])
  expect(await left()).toEqual(['left by off'])
})

test('a person may send one of them before', async () => {
  await hold(home.db, home.tenant, folder)
  const [{ id }] = (await mutate((tx) => tx.query<{ id: number }>(`select id from {t}.outbox where rule = 'hook'`))) as [{ id: number }]
  await mutate((tx) => retry(tx, [id]))
  expect(await left()).toEqual(['left by hook'])
  expect(await release(home.db, home.tenant)).toEqual({ deliveries: 2, timers: 0 })
})

test('a tenant that comes back is not there before all that would go out is held', async () => {
  const places = { backupDir: path.join(folder, 'backups'), filesDir: path.join(folder, 'files'), anchorDir: path.join(folder, 'seal') }
  const { folder: made } = await backUp(home.db, home.tenant, places, { check: false })
  // Where no folder can be, the head of the seal cannot be told, and so nothing is held.
  writeFileSync(places.anchorDir, '')
  await expect(restore(home.db, made, places, { replace: true })).rejects.toThrow('EEXIST')
  expect((await home.db.pool.query(`select 1 from nextmove.tenant where state = 'active'`)).rows).toEqual([])
  rmSync(places.anchorDir)
  await expect(restore(home.db, made, places)).rejects.toThrow('--replace')
  expect(await restore(home.db, made, places, { replace: true })).toMatchObject({ deliveries: 3 })
  expect(await home.db.tenantByKey('test')).toMatchObject({ incarnation: 3 })
})
