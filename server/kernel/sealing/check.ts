import type { Tx } from '#platform/db'
import { signed } from '#platform/crypto'
import { anchorOf, blocksFrom, hashOfBlock, headerOf, logName, type StoredBlock } from './block.ts'
import { leafText, MICROS, type StoredAct, type StoredChange } from './leaf.ts'
import { leafHash, rootOf } from './tree.ts'
import type { Finding, SealReport, Trust } from './types.ts'

const BLOCKS = 2_000
/** Leaves that are looked at together. */
const LEAVES = 2_000
/** A transaction that is open longer than this before it commits is no ordinary one. */
const LATE_MS = 15 * 60_000
const WAITING_MS = 60_000

interface Leaf { position: number; act: number; hash: Buffer }
/** Changes and acts that an act erased: what stands beside them, and what it says itself. */
interface Erasing { act: number; changes: number; acts: number; said: boolean }
interface Checking { tx: Tx; log: string; trust: Trust; report: SealReport }

/**
 * Prove the seal of a tenant's log: every act and change makes its leaf, the leaves make the blocks' roots, the blocks name each other, are signed
 * by a trusted key and end where the outside was told that they end; and nothing stands in the log that was never sealed. Reads the whole log in pages
 * and believes nothing that the database works out, only what it stores.
 */
export async function checkSeal(tx: Tx, trust: Trust): Promise<SealReport> {
  const report: SealReport = { blocks: 0, acts: 0, changes: 0, waiting: 0, erased: 0, erasures: [], head: null, findings: [] }
  const checking: Checking = { tx, log: await logName(tx), trust, report }
  // A fresh log has no statistics yet, and a plan that reads all of it for every page would be chosen.
  await along(tx, 'off')
  let before: StoredBlock | null = null
  for (let page = await blocksFrom(tx, 0, BLOCKS); page.length > 0; page = await blocksFrom(tx, before.number + 1, BLOCKS)) before = await checkBlocks(checking, page, before)
  report.head = before && anchorOf(checking.log, before)
  await along(tx, 'on')
  await checkStrays(checking, before?.last ?? 0)
  await checkErasures(checking)
  checkAnchors(checking, await anchoredBlocks(checking))
  return report
}

const along = (tx: Tx, how: 'on' | 'off') => tx.query(`select set_config('enable_seqscan', $1, true), set_config('enable_bitmapscan', $1, true)`, [how])

async function checkBlocks(checking: Checking, blocks: readonly StoredBlock[], before: StoredBlock | null): Promise<StoredBlock> {
  let last = before
  for (const block of blocks) {
    checkChain(checking, block, last)
    last = block
  }
  // While one page is judged the next is being read.
  const pages = together(blocks)
  let next = readLeaves(checking.tx, pages[0]!)
  for (const [i, some] of pages.entries()) {
    const page = await next
    if (pages[i + 1]) next = readLeaves(checking.tx, pages[i + 1]!)
    judge(checking, some, page)
  }
  checking.report.blocks += blocks.length
  return last!
}

/** Runs of blocks whose leaves are looked at together. */
function together(blocks: readonly StoredBlock[]): StoredBlock[][] {
  const runs: StoredBlock[][] = []
  let leaves = Infinity
  for (const block of blocks) {
    const size = block.last - block.first + 1
    if (leaves + size > LEAVES) { runs.push([]); leaves = 0 }
    runs.at(-1)!.push(block)
    leaves += size
  }
  return runs
}

function checkChain({ log, trust, report }: Checking, block: StoredBlock, before: StoredBlock | null): void {
  const { number } = block
  const found = (flaw: Finding['flaw'], detail?: string) => report.findings.push({ flaw, block: number, at: block.at.toISOString(), detail })
  const expected = (before?.number ?? 0) + 1
  if (number !== expected) return void found('block removed', expected === number - 1 ? String(expected) : `${expected}–${number - 1}`)
  if (block.previous !== (before && hashOfBlock(headerOf(log, before)))) found('block rechained')
  if (block.first !== (before?.last ?? 0) + 1) found('block altered', 'positions')
  if (block.incarnation < (before?.incarnation ?? 0)) found('incarnation fell')
  const key = trust.keys.get(block.key ?? '')
  if (!key) found('key unknown', block.key ?? undefined)
  else if (!signed(key, headerOf(log, block), block.signature)) found('block unsigned')
}

interface LeafPage { leaves: Leaf[]; acts: (StoredAct & { id: number; erased: boolean })[]; changes: (StoredChange & { act: number })[] }

async function readLeaves(tx: Tx, blocks: readonly StoredBlock[]): Promise<LeafPage> {
  const leaves = await tx.query<Leaf>('select position, act, hash from {t}.seal_leaf where position between $1 and $2 order by position', [blocks[0]!.first, blocks.at(-1)!.last], { name: 'leaves' })
  const { from, to, others } = stretch(leaves.map(({ act }) => act))
  const [acts, changes] = await Promise.all([tx.query<LeafPage['acts'][number]>(ACTS, [from, to, others], { name: 'sealed acts' }), tx.query<LeafPage['changes'][number]>(CHANGES, [from, to, others], { name: 'sealed changes' })])
  return { leaves, acts, changes }
}

/** Acts stand almost in the order of their numbers: a stretch of them is read along the index, and the late ones that lie far off by themselves. */
function stretch(acts: readonly number[]): { from: number; to: number; others: number[] } {
  const sorted = acts.toSorted((a, b) => a - b)
  let [low, high] = [0, sorted.length - 1]
  while (low < high && sorted[high]! - sorted[low]! > 3 * sorted.length) {
    const middle = sorted[Math.floor((low + high) / 2)]!
    if (middle - sorted[low]! > sorted[high]! - middle) low++
    else high--
  }
  return { from: sorted[low] ?? 0, to: sorted[high] ?? -1, others: [...sorted.slice(0, low), ...sorted.slice(high + 1)] }
}

function judge(checking: Checking, blocks: readonly StoredBlock[], { leaves, acts, changes }: LeafPage): void {
  const [actOf, changesOf, leafAt] = [new Map(acts.map((act) => [act.id, act])), Map.groupBy(changes.toSorted((a, b) => Number(a.seq) - Number(b.seq)), ({ act }) => act), new Map(leaves.map((leaf) => [leaf.position, leaf]))]
  for (const { act } of leaves) for (const { commitment } of changesOf.get(act) ?? []) {
    checking.report.changes += 1
    if (commitment !== null) checking.report.erased += 1
  }
  for (const { erased } of acts) if (erased) checking.report.erased += 1
  for (const block of blocks) checkBlock(checking, block, { leafAt, actOf, changesOf })
}

interface Sealed { leafAt: ReadonlyMap<number, Leaf>; actOf: ReadonlyMap<number, StoredAct & { erased: boolean }>; changesOf: ReadonlyMap<number, readonly StoredChange[]> }

function checkBlock({ report }: Checking, block: StoredBlock, { leafAt, actOf, changesOf }: Sealed): void {
  const hashes: Buffer[] = []
  let flawed = false
  for (let position = block.first; position <= block.last; position++) {
    const leaf = leafAt.get(position)
    const found = (flaw: Finding['flaw'], detail?: string) => { flawed = true; report.findings.push({ flaw, block: block.number, position, act: leaf?.act, at: timeOf(leaf && actOf.get(leaf.act)) ?? block.at.toISOString(), ...whose(leaf && changesOf.get(leaf.act)), detail }) }
    if (!leaf) { found('leaf removed'); continue }
    hashes.push(leaf.hash)
    report.acts += 1
    const act = actOf.get(leaf.act)
    if (!act) found('act removed')
    else if (!act.erased && !leafHash(leafText(act, changesOf.get(leaf.act) ?? [])).equals(leaf.hash)) found('act altered')
  }
  if (!flawed && rootOf(hashes).toString('hex') !== block.root) report.findings.push({ flaw: 'block altered', block: block.number, position: block.first, at: block.at.toISOString(), detail: `${block.first}–${block.last}` })
}

const timeOf = (act: StoredAct | undefined): string | undefined => act && new Date(Number(act.at) / 1000).toISOString()
const whose = (changes: readonly StoredChange[] | undefined): Pick<Finding, 'object' | 'record'> => (changes?.[0] ? { object: changes[0].object, record: changes[0].record } : {})

/** What stands in the log and was never sealed, was sealed under another number, or waits for longer than it should. */
async function checkStrays({ tx, report }: Checking, sealed: number): Promise<void> {
  const [acts, changes, leaves, waiting, late] = await Promise.all([
    tx.query<{ act: number; at: Date }>('select a.id as act, a.at from {t}.act a where not exists (select from {t}.seal_leaf l where l.act = a.id) and not exists (select from {t}.unsealed u where u.act = a.id) order by a.id limit 100'),
    tx.query<{ act: number; seq: number; object: string; record: string }>('select c.act, c.seq, c.object, c.record from {t}.change c where not exists (select from {t}.act a where a.id = c.act) order by c.seq limit 100'),
    tx.query<{ position: number; act: number }>('select position, act from {t}.seal_leaf where position > $1 or position < 1 order by position limit 100', [sealed]),
    tx.query<{ n: number; late: boolean | null }>(`select count(*) as n, min(a.at) < $1::timestamptz - ${WAITING_MS} * interval '1 millisecond' as late from {t}.unsealed u join {t}.act a on a.id = u.act`, [tx.now]),
    tx.tenant.demo ? [] : tx.query<{ act: number; at: Date; block: number }>(BACK_DATED, [LATE_MS]),
  ])
  report.waiting = waiting[0]!.n
  report.findings.push(
    ...acts.map(({ act, at }): Finding => ({ flaw: 'act added', act, at: at.toISOString() })),
    ...changes.map(({ act, seq, object, record }): Finding => ({ flaw: 'change added', act, object, record, detail: String(seq) })),
    ...leaves.map(({ position, act }): Finding => ({ flaw: 'leaf added', position, act })),
    ...late.map(({ act, at, block }): Finding => ({ flaw: 'act back-dated', act, block, at: at.toISOString() })),
    ...(waiting[0]!.late ? [{ flaw: 'waits too long', detail: String(waiting[0]!.n) } as const] : []),
  )
}

/** What is said to be erased by law was erased by an act that says how much: else anybody could hide an alteration as an erasure. */
async function checkErasures({ tx, report }: Checking): Promise<void> {
  const rows = await tx.query<Erasing>(ERASURES)
  report.erasures = rows.map(({ act, changes, acts }) => ({ act, n: changes + acts }))
  report.findings.push(...rows.filter(({ said }) => !said).map(({ act, changes, acts }): Finding => ({ flaw: 'erased otherwise', act, detail: `${changes} + ${acts}` })))
}

const ERASURES = `select e.act, e.changes::int as changes, e.acts::int as acts, exists (select from {t}.change c where c.act = e.act and c.object in ('system:erasure', 'system:purge')
    and c.fields #>> '{changes,1}' = e.changes::text and c.fields #>> '{acts,1}' = e.acts::text) as said
  from (select act, sum(changes) as changes, sum(acts) as acts from (select act, 1 as changes, 0 as acts from {t}.seal_erased union all select by, 0, 1 from {t}.seal_erased_act) x group by act) e order by e.act`

/** Blocks that the outside was told of. */
async function anchoredBlocks({ tx, trust }: Checking): Promise<Map<number, StoredBlock>> {
  const blocks = await Promise.all(trust.anchors.map(({ number }) => blocksFrom(tx, number, 1)))
  return new Map(blocks.flat().map((block) => [block.number, block]))
}

function checkAnchors({ log, trust, report }: Checking, blocks: ReadonlyMap<number, StoredBlock>): void {
  for (const anchor of trust.anchors) {
    const block = blocks.get(anchor.number)
    const said: Pick<Finding, 'block' | 'position' | 'at'> = { block: anchor.number, position: anchor.position, at: anchor.at }
    if (anchor.log !== log) report.findings.push({ flaw: 'log rewritten', ...said, detail: 'another log' })
    else if (!block) report.findings.push({ flaw: 'log cut off', ...said, detail: `${report.head?.number ?? 0}` })
    else if (anchorOf(log, block).hash !== anchor.hash) report.findings.push({ flaw: 'log rewritten', ...said })
  }
}

const ACT_COLUMNS = `select a.id, ${MICROS} as at, a.actor_kind, a.actor_ref, a.cause::text as cause, a.ip, a.agent, a.request, a.reason, exists (select from {t}.seal_erased_act e where e.act = a.id) as erased from {t}.act a where a.id`
const ACTS = `${ACT_COLUMNS} between $1 and $2 union all ${ACT_COLUMNS} = any($3::bigint[])`
const CHANGE_COLUMNS = `select c.seq, c.act, c.object, c.record, c.record_version, c.fields::text as fields, (select salt from {t}.seal_salt where record = c.record and c.seq >= since) as salt,
  (select commitment from {t}.seal_erased where seq = c.seq) as commitment from {t}.change c where c.act`
const CHANGES = `${CHANGE_COLUMNS} between $1 and $2 union all ${CHANGE_COLUMNS} = any($3::bigint[])`
/** Acts whose time lies long before the block that came before theirs: they would have stood in an earlier one. */
const BACK_DATED = `select a.id as act, a.at, b.number as block from {t}.seal_block b join {t}.seal_block p on p.number = b.number - 1
  join {t}.seal_leaf l on l.position between b.first_position and b.last_position join {t}.act a on a.id = l.act
  where a.at < p.at - $1 * interval '1 millisecond' order by a.id limit 100`
