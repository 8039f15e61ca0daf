import { afterEach, beforeEach, expect, test } from 'vitest'
import { metadataOf, publish } from '#kernel/metadata'
import { applySolution, exportSolution } from '#kernel/solutions'
import { LIBRARY } from '../../../test/library.ts'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

let home: FreshTenant
beforeEach(async () => { home = await freshTenant() })
afterEach(() => home.drop())

const SYSTEM = { kind: 'system', reason: 'test' } as const

test('S1 install', async () => {
  const started = performance.now()
  const r = await home.db.mutate(home.tenant, (tx) => applySolution({ tx, actor: SYSTEM }, LIBRARY))
  console.log(performance.now() - started, JSON.stringify(r).slice(0, 3000))
  expect(r.ok).toBe(true)
  const t2 = performance.now()
  const again = await home.db.mutate(home.tenant, (tx) => applySolution({ tx, actor: SYSTEM }, LIBRARY))
  console.log(performance.now() - t2)
  expect(again.ok && again.published.every((each) => !each.changed)).toBe(true)
  const m = await home.db.read(home.tenant, metadataOf)
  console.log(m.epoch, m.listens('loan', 'changed', ['due']), m.listens('loan', 'changed', ['fine']))
  const out = await home.db.read(home.tenant, (tx) => exportSolution(tx, { key: 'library', label: LIBRARY.label, version: '1' }))
  expect(out).toEqual({ ...LIBRARY, dictionary: expect.anything(), object: expect.anything(), role: expect.anything(), rule: expect.anything() })
})
