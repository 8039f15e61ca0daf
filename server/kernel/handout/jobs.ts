import type { Tenant, Tx } from '#platform/db'
import type { ExportFormat, ExportQuery } from './list.ts'

export type ExportState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'gone'
/** From where it was asked for, and in which language it is written. */
export interface ExportFacts { id: string; ip: string | null; agent: string | null; lang: 'zh' | 'en' }

/** An export as the ledger has it; `job` null: it left while its reader waited. */
export interface ExportEntry {
  no: number
  member: number
  at: Date
  ip: string | null
  object: string
  format: ExportFormat
  rows: number
  job: { state: ExportState; done: number; trouble: string | null; bytes: number | null; taken: number; endedAt: Date | null } | null
}
export interface ExportJob { no: number; member: number; object: string; format: ExportFormat; rows: number; query: ExportQuery; facts: ExportFacts; name: string; mark: string; attempts: number; /** What an earlier attempt had made and nobody was ever offered. */ left: Buffer | null }
export interface KeptExport { no: number; member: number; object: string; format: ExportFormat; name: string; sha256: Buffer; endedAt: Date }

/** How long a file is there for its maker. */
export const KEPT_DAYS = 7
/** Longer than any page takes; whoever dies is followed after it. */
const LEASE_S = 10

const watchers = new Set<(tenant: Tenant) => void>()
/** Hear that an export waits to be made, once the transaction that asked for it has committed. A hint: work is also found by looking. */
export function watchExports(watcher: (tenant: Tenant) => void): () => void {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

export async function enterJob(tx: Tx, { no, query, facts, name, mark }: Pick<ExportJob, 'no' | 'query' | 'facts' | 'name' | 'mark'>): Promise<void> {
  await tx.query(`insert into {t}.export_job (no, query, facts, name, mark, state) values ($1, $2, $3, $4, $5, 'waiting')`, [no, JSON.stringify(query), JSON.stringify(facts), name, mark])
  tx.afterCommit(() => { for (const watcher of watchers) watcher(tx.tenant) })
}

/** Newest first. `member` null: everybody's. */
export async function exportsOf(tx: Tx, { member, before, limit }: { member: number | null; before: number | undefined; limit: number }): Promise<ExportEntry[]> {
  return tx.query<ExportEntry>(`select e.no, e.member, e.at, e.ip, e.object, e.format, e.rows,
      case when j.no is not null then json_build_object('state', j.state, 'done', j.done, 'trouble', j.trouble, 'bytes', j.bytes, 'taken', j.taken) end as job, j.ended_at as "endedAt"
    from {t}.export e left join {t}.export_job j on j.no = e.no where ($1::int is null or e.member = $1) and ($2::bigint is null or e.no < $2) order by e.no desc limit $3`, [member, before ?? null, limit])
    .then((rows) => rows.map((row) => { const { endedAt, ...entry } = row as ExportEntry & { endedAt: Date | null }; return { ...entry, job: entry.job && { ...entry.job, endedAt } } }))
}

/** What waits longest and nobody is at, from its first row on: whatever an earlier attempt has entered did not leave. Two statements. */
export async function takeJob(tx: Tx, worker: string): Promise<ExportJob | undefined> {
  const [job] = await tx.query<ExportJob>(`with found as (select j.no, j.sha256 as left from {t}.export_job j where j.state in ('waiting', 'running') and (j.worker is null or j.leased_until < clock_timestamp()) order by j.no limit 1 for update skip locked),
    taken as (update {t}.export_job j set state = 'running', done = 0, attempts = attempts + 1, worker = $1, leased_until = clock_timestamp() + interval '${LEASE_S} seconds' from found where j.no = found.no returning j.no, j.query, j.facts, j.name, j.mark, j.attempts, found.left)
    select t.*, e.member, e.object, e.format, e.rows from taken t join {t}.export e on e.no = t.no`, [worker], { name: 'take export' })
  if (job && job.attempts > 1) await forgetRows(tx, job.no)
  return job
}

/** So many rows more; false: it was stopped, or somebody else has taken it over. One statement. */
export async function noteProgress(tx: Tx, no: number, { worker, rows }: { worker: string; rows: number }): Promise<boolean> {
  const going = await tx.query(`update {t}.export_job set done = done + $3, leased_until = clock_timestamp() + interval '${LEASE_S} seconds' where no = $1 and worker = $2 and state = 'running' returning 1`, [no, worker, rows], { name: 'export progress' })
  return going.length > 0
}

/** Its content is whole and will lie in the store: whoever goes on after us has to know. False: it was stopped, or somebody else has taken it over. */
export async function noteMade(tx: Tx, no: number, { worker, sha256 }: { worker: string; sha256: Buffer }): Promise<boolean> {
  const going = await tx.query(`update {t}.export_job set sha256 = $3, leased_until = clock_timestamp() + interval '${LEASE_S} seconds' where no = $1 and worker = $2 and state = 'running' returning 1`, [no, worker, sha256])
  return going.length > 0
}

/** A content of this export that nobody is offered: not the one that is done, nor what another worker has in hand. Whoever is told so takes it away in this transaction. */
export async function takeLeftOver(tx: Tx, { no, sha256, worker }: LeftOver): Promise<boolean> {
  const [job] = await tx.query<{ used: boolean }>(`select sha256 is not distinct from $2 and (state = 'done' or state = 'running' and worker is distinct from $3) as used from {t}.export_job where no = $1 for update`, [no, sha256, worker])
  if (job?.used) return false
  await tx.query(`update {t}.export_job set sha256 = null where no = $1 and sha256 = $2 and state <> 'gone'`, [no, sha256])
  return true
}
/** `worker`: who takes it away. */
export interface LeftOver { no: number; sha256: Buffer; worker: string }

export const giveBackJob = (tx: Tx, no: number, worker: string): Promise<unknown> =>
  tx.query(`update {t}.export_job set state = 'waiting', worker = null where no = $1 and worker = $2 and state = 'running'`, [no, worker])

export async function finishJob(tx: Tx, no: number, { worker, sha256, bytes }: { worker: string; sha256: Buffer; bytes: number }): Promise<boolean> {
  const done = await tx.query(`update {t}.export_job set state = 'done', worker = null, sha256 = $3, bytes = $4, ended_at = $5 where no = $1 and worker = $2 and state = 'running' returning 1`, [no, worker, sha256, bytes, tx.now])
  return done.length > 0
}

/** Ended without a file: nothing of it has left, so nothing of it is traced. Answers whether there was anything to end. */
export async function endJob(tx: Tx, no: number, { state, trouble = null, member = null }: { state: 'failed' | 'cancelled'; trouble?: string | null; member?: number | null }): Promise<boolean> {
  const ended = await tx.query(`update {t}.export_job j set state = $2, trouble = $3, worker = null, ended_at = $5 from {t}.export e where j.no = $1 and e.no = j.no and j.state in ('waiting', 'running') and ($4::int is null or e.member = $4) returning 1`, [no, state, trouble, member, tx.now])
  if (ended.length > 0) await forgetRows(tx, no)
  return ended.length > 0
}

const forgetRows = (tx: Tx, no: number): Promise<unknown> => tx.query('delete from {t}.export_row where export = $1', [no])

/** The file of an export, for whoever asked for it, while it is kept. */
export async function keptExport(tx: Tx, no: number, member: number): Promise<KeptExport | undefined> {
  const [found] = await tx.query<KeptExport>(`select j.no, e.member, e.object, e.format, j.name, j.sha256, j.ended_at as "endedAt" from {t}.export_job j join {t}.export e on e.no = j.no
    where j.no = $1 and e.member = $2 and j.state = 'done' and j.ended_at > $3::timestamptz - interval '${KEPT_DAYS} days'`, [no, member, tx.now])
  return found
}

export const noteTaken = (tx: Tx, no: number): Promise<unknown> => tx.query('update {t}.export_job set taken = taken + 1 where no = $1', [no])

/** Files whose week is over (marked so), and those of exports that were ended when they were all but made. Answers what may be thrown away. */
export async function sweepExports(tx: Tx): Promise<{ no: number; sha256: Buffer }[]> {
  const gone = await tx.query<{ no: number; sha256: Buffer }>(`update {t}.export_job set state = 'gone' where state = 'done' and ended_at <= $1::timestamptz - interval '${KEPT_DAYS} days' returning no, sha256`, [tx.now])
  const left = await tx.query<{ no: number; sha256: Buffer }>(`select no, sha256 from {t}.export_job where state in ('failed', 'cancelled') and sha256 is not null`)
  return [...gone, ...left]
}
