import { fork } from 'node:child_process'
import { openDatabase, type PoolConfig, type Tenant } from '#platform/db'
import { installWithPast } from './install.ts'

export interface Filling { config: PoolConfig; tenant: string; solution: string }

/**
 * Install a solution, with a case's past, in a process of its own: ninety days of a company take memory that the
 * server would keep. Rejects with what went wrong there.
 */
export function fill(config: PoolConfig, { key: tenant }: Tenant, solution: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = fork(import.meta.filename, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  let said: string | null = null
  child.on('message', (message) => { said = message as string })
  child.on('error', reject)
  child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(said ?? `filling ended with ${code}`))))
  child.send({ config, tenant, solution } satisfies Filling)
  return promise
}

async function work({ config, tenant: key, solution }: Filling): Promise<void> {
  const db = openDatabase({ ...config, max: 2 })
  try {
    const tenant = await db.tenantByKey(key)
    if (!tenant) throw new Error(`no tenant ${key}`)
    await installWithPast(db, tenant, solution, Number(process.env['DEMO_LEADS']) || undefined)
  } finally {
    await db.close()
  }
}

if (import.meta.main) {
  // The server that asked has gone: nobody waits any more.
  process.on('disconnect', () => process.exit(1))
  process.once('message', (filling) => {
    work(filling as Filling).then(() => process.exit(0), (error: unknown) => process.send!(error instanceof Error ? error.message : String(error), () => process.exit(1)))
  })
}
