import path from 'node:path'
import { applySolution } from '#kernel/solutions'
import { createTenant, migrate, openDatabase, startEmbedded } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import type { Report } from './report.ts'
import { scratch } from './scratch.ts'
import { timed } from './timing.ts'

const COMPANIES = 3

/** The standard CRM applied to a company that has nothing yet: the first in a fresh database, and the slowest of three. */
export async function run(report: Report): Promise<void> {
  const server = await startEmbedded({ dataDir: path.join(scratch('install'), 'postgres') })
  const { host, port, user, database } = server
  const db = openDatabase({ host, port, user, database, max: 2 })
  try {
    await migrate(db)
    const solution = loadSolution('crm')
    const times: number[] = []
    for (let i = 0; i < COMPANIES; i++) {
      const tenant = await createTenant(db, { key: `company-${i}`, name: `Company ${i}`, demo: false })
      times.push(await timed(() => db.mutate(tenant, async (tx) => {
        const applied = await applySolution({ tx, actor: { kind: 'system', reason: 'bench' } }, solution)
        if (!applied.ok) throw new Error(JSON.stringify(applied.refusals.slice(0, 3)))
      })))
    }
    report.say(`each: ${times.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(', ')}; ${solution.object.length} objects, ${solution.rule.length} rules`)
    report.figure('slowest-of-three', Math.max(...times) / 1000, 's', { atMost: 10 })
  } finally {
    await db.close()
    await server.stop()
  }
}
