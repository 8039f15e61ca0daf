// node server/kernel/automation/testing/backlog.ts [leads] [workers]: how fast a backlog of new records is answered, on a database of its own.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { kernelContext } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { write, type Intent } from '#kernel/records'
import { applySolution } from '#kernel/solutions'
import { createTenant, migrate, openDatabase, startEmbedded, type OpenDatabase, type Tenant } from '#platform/db'
import { loadSolution } from '../../../../solutions/index.ts'
import { startEngine } from '../index.ts'

const [count = 5_000, workers = 2, alongside = 0] = process.argv.slice(2).map(Number)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nextmove-backlog-'))
fs.chmodSync(folder, 0o755)
const server = await startEmbedded({ dataDir: path.join(folder, 'postgres') })
const db = openDatabase({ host: server.host, port: server.port, user: server.user, database: server.database })
try {
  await measure(db)
} finally {
  await db.close()
  await server.stop()
  fs.rmSync(folder, { recursive: true, force: true })
}

async function measure(open: OpenDatabase): Promise<void> {
  await migrate(open)
  const tenant = await createTenant(open, { key: 'bench', name: 'Bench', demo: true })
  const applied = await open.mutate(tenant, (tx) => applySolution({ tx, actor: { kind: 'system', reason: 'bench' } }, loadSolution('crm')))
  if (!applied.ok) throw new Error(JSON.stringify(applied.refusals))
  await open.mutate(tenant, async (tx) => {
    for (let id = 1; id <= 40; id++) await tx.query(`insert into {t}.member (id, name, roles, supervisor, capability, created_at) values ($1, $2, '{sales}', 41, $3, $4)`, [id, `m${id}`, JSON.stringify({ skills: ['auto', '*'], regions: ['310000'], capacity: 10_000 }), tx.now])
    await tx.query(`insert into {t}.member (id, name, roles, created_at) values (41, 'boss', '{supervisor}', $1)`, [tx.now])
    await bumpEpoch(tx)
  })
  const filled = performance.now()
  await intake(open, tenant, count)
  console.log('intake alone', Math.round(count / ((performance.now() - filled) / 1000)), 'leads/s')
  await open.pool.query('analyze')
  const started = performance.now()
  let events = 0
  let batches = 0
  const cpu = process.cpuUsage()
  const database = databaseSeconds()
  const engine = startEngine({ db: open, channels: {}, workers, onBatch: (_, outcome) => { events += outcome.events; batches++ }, onTrouble: (error) => console.error(error) })
  if (alongside > 0) await intake(open, tenant, alongside)
  while ((await open.pool.query(`select exists (select 1 from "${tenant.schema}".todo)`)).rows[0].exists) await new Promise((resolve) => setTimeout(resolve, 20))
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const ofDatabase = databaseSeconds() - database
  await engine.stop()
  const { rows } = await open.pool.query(`select rule, status, count(*) from "${tenant.schema}".run group by 1, 2 order by 1`)
  console.table(rows)
  console.log({ chainsPerSecond: Math.round((count + alongside) / seconds), eventsPerSecond: Math.round(events / seconds), events, batches, seconds, msPerChain: { node: (used.user + used.system) / 1e3 / (count + alongside), database: ofDatabase * 1000 / (count + alongside) } })
}

async function intake(open: OpenDatabase, tenant: Tenant, leads: number): Promise<void> {
  for (let done = 0; done < leads; done += 64) {
    await open.mutate(tenant, async (tx) => {
      const ctx = await kernelContext(tx, { kind: 'source', form: 'demo' }, { kind: 'source', form: 'demo' })
      const intents: Intent[] = Array.from({ length: Math.min(64, leads - done) }, (_, i) => ({ op: 'create', object: 'lead', values: {
        name: `王五${done + i}`, company: '某某汽车', budget_min: '1500000', industry: 'auto', need_type: 'mes', page_url: 'https://x.cn/pricing', region: '310000' } }))
      const result = await write(ctx, intents)
      if (!result.ok) throw new Error(JSON.stringify(result.refusals))
    })
  }
}

/** CPU seconds of all processes of this PostgreSQL so far: what a chain costs, however busy the machine is. */
function databaseSeconds(): number {
  const pid = Number(fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  const stats = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try { return [fs.readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')] } catch { return [] }
  })
  return stats.filter((fields) => Number(fields[1]) === pid).reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) / 100
}
