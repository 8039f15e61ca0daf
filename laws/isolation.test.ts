import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { startEngine } from '#kernel/automation'
import { createMember, createTeam } from '#kernel/members'
import { publishAll } from '#kernel/metadata'
import { verifyTenant, write, type Intent } from '#kernel/records'
import { applySolution } from '#kernel/solutions'
import { advanceClock, createTenant, type Tenant } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'

const WRITES = process.env['LAWS'] === 'long' ? 2_000 : 40
const solution = loadSolution('crm')
const actor = { kind: 'system', reason: 'law' } as const

let home: FreshTenant
let other: Tenant
beforeAll(async () => {
  home = await freshTenant({ solution })
  other = await createTenant(home.db, { key: 'other', name: 'Other', demo: true })
  await home.db.mutate(other, async (tx) => { await applySolution({ tx, actor }, solution) })
  for (const tenant of [home.tenant, other]) { await staff(tenant); await storm(tenant, 10) }
  await settled()
})
afterAll(() => home.drop())

test('one tenant’s writes, rules, publishing and clock never alter another’s bytes', async () => {
  const before = await bytesOf(other)
  await storm(home.tenant, WRITES)
  await settled()
  const published = await home.db.mutate(home.tenant, (tx) => publishAll({ tx, actor }, [{ kind: 'tag', key: '新标签', body: { key: '新标签', label: { zh: '新标签', en: 'New' }, colour: 'blue' } }]))
  expect(published).toMatchObject({ ok: true })
  await advanceClock(home.db, home.tenant, 80 * 3_600_000)
  await settled()
  expect(await bytesOf(other)).toEqual(before)
  expect((await bytesOf(home.tenant)).get('o_lead')).not.toBe(before.get('o_lead'))
  for (const tenant of [home.tenant, other]) {
    const { differences, loads } = await home.db.read(tenant, async (tx) => verifyTenant(await kernelContext(tx, actor, { kind: 'backfill' })))
    expect({ differences, loads }).toEqual({ differences: [], loads: [] })
  }
})

async function staff(tenant: Tenant): Promise<void> {
  await home.db.mutate(tenant, async (tx) => {
    const { id: team } = await createTeam(await kernelContext(tx, actor, { kind: 'definition' }), { name: '销售部', parent: null })
    const ctx = await kernelContext(tx, actor, { kind: 'definition' })
    for (const n of [1, 2, 3]) await createMember(ctx, { name: `成员${n}`, email: `m${n}@law.example`, roles: [n === 1 ? 'supervisor' : 'sales'], team, capability: { skills: ['*'], regions: [], capacity: 100_000 } })
  })
}

/** Leads as a form brings them, some of them changed and deleted again. */
async function storm(tenant: Tenant, count: number): Promise<void> {
  for (let at = 0; at < count; at += 20) {
    await home.db.mutate(tenant, async (tx) => {
      const ctx = await kernelContext(tx, { kind: 'source', form: 'pricing' }, { kind: 'source', form: 'pricing' })
      const born = Array.from({ length: Math.min(20, count - at) }, (_, i): Intent => ({ op: 'create', object: 'lead', values: { name: `客户${at + i}`, phone: `+86138${String(at + i).padStart(8, '0')}`, industry: 'auto_parts', need_type: 'mes', budget_min: String((at + i) * 40_000), form_source: '官网定价页' } }))
      const made = await write(ctx, born)
      if (!made.ok) throw new Error(JSON.stringify(made.refusals))
      const then = made.written.flatMap(({ id }, i): Intent[] => (i % 5 === 0 ? [{ op: 'delete', object: 'lead', id }] : i % 2 === 0 ? [{ op: 'update', object: 'lead', id, values: { company: `公司${i}` } }] : []))
      const changed = await write(ctx, then)
      if (!changed.ok) throw new Error(JSON.stringify(changed.refusals))
    })
  }
}

/** Until the engine has nothing left to do in either tenant. */
async function settled(): Promise<void> {
  const engine = startEngine({ db: home.db, channels: {}, onTrouble: (error) => console.error(error) })
  engine.wakeAll()
  for (const late = Date.now() + 60_000; Date.now() < late && (await waiting()); ) await new Promise((resolve) => setTimeout(resolve, 100))
  await engine.stop()
  expect(await waiting()).toBe(false)
}

async function waiting(): Promise<boolean> {
  const found = await Promise.all([home.tenant, other].map((tenant) => home.db.read(tenant, (tx) => tx.query('select from {t}.todo union all select from {t}.timer where due_at <= $1 limit 1', [tx.now]))))
  return found.some(({ length }) => length > 0)
}

/** A digest of every table of the tenant's schema. */
async function bytesOf({ schema }: Tenant): Promise<Map<string, string>> {
  const { rows: tables } = await home.db.pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = $1 order by 1`, [schema])
  const digests = new Map<string, string>()
  for (const { name } of tables) {
    const { rows } = await home.db.pool.query<{ row: string }>(`select r::text as row from "${schema}"."${name}" r order by 1`)
    digests.set(name, createHash('sha256').update(rows.map(({ row }) => row).join('\n')).digest('hex'))
  }
  return digests
}
