import { rm } from 'node:fs/promises'
import { asOwner, type Query } from '#platform/db'
import { type Copy, type Kept } from './copy.ts'
import { recover } from './recover.ts'

/**
 * Lets a copy come to life beside the running server and reads every row of it: pages that were damaged are found by their checksums. Answers how
 * many rows. The copy is laid beside the cluster for as long as it takes. Throws when anything is amiss.
 */
export async function prove({ dataDir, home }: Pick<Kept, 'dataDir' | 'home'>, copy: Copy): Promise<number> {
  const to = `${dataDir}.proof`
  const clear = async () => { for (const each of [to, `${to}.laying`, `${to}.log`, `${to}.lock`, `${to}.owner.json`]) await rm(each, { recursive: true, force: true }) }
  await clear()
  try {
    const { server, db } = await recover({ copy, home, to }, 'consistent')
    try {
      return await asOwner(db, (query) => readAll(query, copy))
    } finally {
      await db.close()
      await server.stop()
    }
  } finally {
    await clear()
  }
}

async function readAll(query: Query, { head }: Copy): Promise<number> {
  const found = await query<{ key: string }>('select key from nextmove.tenant order by id')
  if (found.map(({ key }) => key).join() !== head.tenants.map(({ key }) => key).join()) throw new Error('备份里的租户与数据库不符 · the copy holds other tenants')
  const tables = await query<{ name: string }>(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)' order by 1`)
  let rows = 0
  for (const { name } of tables) rows += (await query<{ n: number }>(`select count(*) as n from ${name}`))[0]!.n
  return rows
}
