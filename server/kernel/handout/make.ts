import { Readable } from 'node:stream'
import { Refused, refused } from '#contract'
import { lensOf, memberContext, type Context } from '#kernel/access'
import { isAway, isRetryable, type Database, type Tenant, type Tx } from '#platform/db'
import type { FileStore, Staged } from '#platform/files'
import { type Cell, csvOf, xlsxOf } from '#platform/sheets'
import { endJob, finishJob, giveBackJob, type LeftOver, noteMade, noteProgress, takeJob, type ExportJob } from './jobs.ts'
import { noteRows, type LedgerRow } from './ledger.ts'
import { exportHead, exportRows, MOST_IN_BACKGROUND, planExport } from './list.ts'

/** A message for whoever asked for an export. */
export interface ExportNotice { member: number; title: string; body: string; object: string; record: string }
/** One process's hands: where files are kept, and how members are told. */
export interface ExportHands {
  id: string
  store: Pick<FileStore, 'stage' | 'keep' | 'drop'>
  /** Takes a content out of the store, unless something offers it. */
  forget(tenant: Tenant, left: LeftOver): Promise<void>
  tell(tx: Tx, notice: ExportNotice): Promise<void>
}

const MOST_ATTEMPTS = 3
/** Stopped by its maker, or taken over by somebody else. */
class Stopped extends Error {}
/** What its maker may see is no longer what it was when the first row was read. */
class SeenOtherwise extends Error {}

/**
 * Makes one export of this tenant, if one waits; false: none does. Read in one snapshot, a page at a time; each page is entered in the ledger, with a
 * look at whether its maker may still take it along, before it goes into the file. Whatever ends the process, another begins it anew. Rethrows only
 * the database's own trouble.
 */
export async function makeExport(db: Database, tenant: Tenant, hands: ExportHands): Promise<boolean> {
  const job = await db.mutate(tenant, (tx) => takeJob(tx, hands.id))
  if (!job) return false
  if (job.left) await hands.forget(tenant, { no: job.no, sha256: job.left, worker: hands.id })
  try {
    if (job.attempts > MOST_ATTEMPTS) throw new Error('begun three times and never finished')
    await offer(db, tenant, { job, hands, staged: await written(db, tenant, { job, hands }) })
  } catch (error) {
    if (isAway(error) || isRetryable(error)) throw error
    await db.mutate(tenant, (tx) => ended(tx, { job, hands, error }))
  }
  return true
}

/** Whole, or not at all: it is offered by the transaction that comes last. */
async function offer(db: Database, tenant: Tenant, { job, hands, staged }: Making & { staged: Staged }): Promise<void> {
  const mine = { worker: hands.id, ...staged }
  if (!(await db.mutate(tenant, (tx) => noteMade(tx, job.no, mine)))) return hands.store.drop(staged)
  await hands.store.keep(tenant.key, staged)
  const offered = await db.mutate(tenant, async (tx) => {
    const done = await finishJob(tx, job.no, mine)
    if (done) await say(tx, { job, hands, words: MADE })
    return done
  })
  if (!offered) await hands.forget(tenant, { no: job.no, ...mine })
}

interface Making { job: ExportJob; hands: ExportHands }

function written(db: Database, tenant: Tenant, { job, hands }: Making): Promise<Staged> {
  return db.read(tenant, async (tx) => {
    const ctx = await memberContext(tx, job.member, factsOf(job))
    const rows = pagesOf(ctx, job, (page) => db.mutate(tenant, (ledger) => enter(ledger, page, { job, hands, version: lensOf(ctx, job.object).version })))
    return hands.store.stage(tenant.key, Readable.from(job.format === 'csv' ? csvOf(rows) : xlsxOf({ name: job.name, mark: job.mark }, rows)), () => {})
  })
}

async function* pagesOf(ctx: Context, { object, query, facts, mark }: ExportJob, entered: (page: LedgerRow[]) => Promise<void>): AsyncGenerator<Cell[][]> {
  const plan = await planExport(ctx, object, query, MOST_IN_BACKGROUND)
  yield [[...exportHead(ctx, plan), MARK_HEAD[facts.lang]]]
  for await (const page of exportRows(ctx, plan)) {
    await entered(page)
    yield page.map(({ cells }) => [...cells, mark])
  }
}

/** Over the column that says of each row who took it along, when and from where. */
export const MARK_HEAD = { zh: '导出水印', en: 'Exported by' }

async function enter(tx: Tx, page: readonly LedgerRow[], { job, hands, version }: Making & { version: string }): Promise<void> {
  if (!(await noteProgress(tx, job.no, { worker: hands.id, rows: page.length }))) throw new Stopped()
  if ((await stillTakes(tx, job)) !== version) throw new SeenOtherwise()
  await noteRows(tx, job.no, page)
}

/** What somebody sees who may still export this, as the version of their lens. Refused SIGN_IN_REQUIRED when suspended, FORBIDDEN without the right. */
export async function stillTakes(tx: Tx, { member, object, facts }: Pick<ExportJob, 'member' | 'object'> & { facts: Parameters<typeof memberContext>[2] }): Promise<string> {
  const lens = lensOf(await memberContext(tx, member, facts && { ...facts, scenario: 'export' }), object)
  return lens.can('export') ? lens.version : refused('FORBIDDEN')
}

const factsOf = ({ facts }: ExportJob) => ({ ...facts, scenario: 'export' as const })

async function ended(tx: Tx, { job, hands, error }: Making & { error: unknown }): Promise<void> {
  if (error instanceof Stopped) return
  // With today's rights, from its first row on: it may be refused then, with the reason.
  if (error instanceof SeenOtherwise && job.attempts < MOST_ATTEMPTS) return void (await giveBackJob(tx, job.no, hands.id))
  const trouble = error instanceof Refused ? error.refusal.code : 'INTERNAL'
  if (await endJob(tx, job.no, { state: 'failed', trouble })) await say(tx, { job, hands, words: FAILED })
}

const MADE = { zh: (name: string) => `导出好了：${name}`, en: (name: string) => `Ready to download: ${name}`, zhHelp: '7 天内可以下载，只有你能下载', enHelp: 'Yours to download for 7 days' }
const FAILED = { zh: (name: string) => `没有导出成：${name}`, en: (name: string) => `Not exported: ${name}`, zhHelp: '原因见「导出」', enHelp: 'The reason stands under “Exports”' }

/** Told wherever its maker has gone meanwhile. */
function say(tx: Tx, { job: { no, member, name, facts: { lang } }, hands, words }: Making & { words: typeof MADE }): Promise<void> {
  const [title, body] = lang === 'zh' ? [words.zh(name), words.zhHelp] : [words.en(name), words.enHelp]
  return hands.tell(tx, { member, title, body, object: 'system:export', record: exportRecord(no) })
}

/** The id under which messages name an export. */
export const exportRecord = (no: number): string => `00000000-0000-8000-8000-${no.toString(16).padStart(12, '0')}`
