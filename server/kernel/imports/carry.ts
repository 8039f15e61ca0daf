import { ERRORS, filled, type Refusal, Refused } from '#contract'
import { memberContext, type Context } from '#kernel/access'
import { identitiesFor, lockIdentities } from './identities.ts'
import { actOf, write, type Intent, type WriteOptions, type Written } from '#kernel/records'
import { compete } from './owners.ts'
import { columnsFor, planRows, type Earlier } from './plan.ts'
import { noteProgress, noteRows, rowsAfter } from './store.ts'
import type { Import, Planned, Reason } from './types.ts'

/** Rows per transaction: large enough to be quick, small enough that nobody waits long for its locks. */
export const BATCH = 200

/** The importer, as they may act now, because of this import. Refused SIGN_IN_REQUIRED once they are not active. */
export async function importerContext(tx: Context['tx'], { id, member, facts, options }: Import): Promise<Context> {
  const ctx = await memberContext(tx, member, { ...facts, scenario: 'import' })
  return { ...ctx, cause: { kind: 'import', import: id, ...(!options.rules ? { quiet: true as const } : options.atOnce && { atOnce: true as const }) } }
}

/** The next rows of a trial run: what would become of them. Nothing is written but what was found out. Answers how many rows; 0: there are no more. */
export async function checkBatch(ctx: Context, given: Import, earlier: Earlier): Promise<number> {
  const rows = await rowsAfter(ctx.tx, given.id, given.reached, BATCH)
  if (rows.length === 0) return 0
  const planned = refuseRepeated(ctx, given, await planRows(ctx, given, { rows, earlier }), earlier)
  const judged = await attempt(ctx, given, planned, { rehearse: true, foreseen: earlier.ids })
  remember(ctx, given, judged.rows, earlier)
  return noted(ctx, given, judged)
}

/** The next rows, written: one transaction, one act. */
export async function runBatch(ctx: Context, given: Import, limit: number = BATCH): Promise<number> {
  const rows = await rowsAfter(ctx.tx, given.id, given.reached, limit)
  if (rows.length === 0) return 0
  await lockIdentities(ctx, given, identitiesFor(ctx, given, rows))
  const planned = await planRows(ctx, given, { rows, earlier: null })
  const rehearsed = given.options.owner === 'policy' ? await attempt(ctx, given, planned, { rehearse: true }) : { rows: planned }
  const owned = await compete(ctx, given, rehearsed.rows)
  return noted(ctx, given, await attempt(ctx, given, rehearsed.rows, {}, owned))
}

/** A row that broke whatever was tried is set aside with its reason, and the others go on. */
export async function setAside(ctx: Context, given: Import, error: unknown): Promise<number> {
  const [row] = await rowsAfter(ctx.tx, given.id, given.reached, 1)
  if (!row) return 0
  const refusal = error instanceof Refused ? error.refusal : { code: 'INTERNAL' as const, params: { requestId: given.id } }
  return noted(ctx, given, { rows: [refusedRow(ctx, given, { n: row.n, values: {}, reasons: [], outcome: 'refuse', id: null }, [refusal])], written: [] })
}

const NOBODY: ReadonlySet<string> = new Set()
interface Attempt { rows: readonly Planned[]; written?: readonly Written[] }

async function noted(ctx: Context, given: Import, { rows, written = [] }: Attempt): Promise<number> {
  await noteRows(ctx.tx, given.id, rows)
  await noteProgress(ctx.tx, given.id, { rows, act: written.find(({ act }) => act !== null)?.act ?? null })
  return rows.length
}

export type Owners = ReadonlyMap<string, { owner: number | null; decision: number | undefined }>

/** Through the write path; a row that is refused is taken out, and the others are tried again. */
async function attempt(ctx: Context, given: Import, planned: readonly Planned[], { foreseen = NOBODY, ...options }: WriteOptions & { foreseen?: ReadonlySet<string> }, owners: Owners = new Map()): Promise<Attempt> {
  let rows = [...planned]
  for (;;) {
    // Onto what an earlier row of the file will have made nothing can be tried yet.
    const wishes = rows.flatMap((row, at) => (options.rehearse && foreseen.has(row.id ?? '') ? [] : intentOf(row, given, owners).map((intent) => ({ at, intent }))))
    if (wishes.length === 0) return { rows }
    const result = await write(ctx, wishes.map(({ intent }) => intent), { ...options, acts: [{ ...actOf(ctx), reason: given.file }] })
    if (result.ok) return { rows, written: result.written }
    const refusals = Map.groupBy(result.refusals, ({ index }) => wishes[index]!.at)
    rows = rows.map((row, at) => (refusals.has(at) ? refusedRow(ctx, given, row, refusals.get(at)!.map(({ refusal }) => refusal)) : row))
  }
}

function intentOf({ outcome, id, values, owner, tags }: Planned, { object, options }: Import, owners: Owners): Intent[] {
  if (outcome === 'update') return [{ op: 'update', object, id: id!, values, ...(options.owner === 'column' && owner !== undefined && { owner }), ...(tags && { addTags: tags }) }]
  if (outcome !== 'create') return []
  const competed = owners.get(id!)
  const answers = competed ? competed.owner : options.owner === 'nobody' || options.owner === 'policy' ? null : options.owner === 'column' ? owner : undefined
  return [{ op: 'create', object, id: id!, values, ...(answers !== undefined && { owner: answers }), ...(tags && { tags }), ...(competed?.decision !== undefined && { decision: competed.decision }) }]
}

function refusedRow(ctx: Context, given: Import, row: Planned, refusals: readonly Refusal[]): Planned {
  const heads = new Map(columnsFor(ctx, given).map(({ field, head }) => [field.key, head]))
  return { ...row, outcome: 'refuse', id: null, reasons: refusals.map((refusal): Reason => ({ head: heads.get(refusal.path ?? '') ?? null, text: sentence(ctx, refusal) })) }
}

const sentence = ({ request }: Context, { code, params }: Refusal): string => filled(ERRORS[code][request?.lang ?? 'zh'], params)

/** What earlier rows of the file will have taken: unique values, too. Only a trial run needs to remember it, the database knows the rest. */
function remember(ctx: Context, given: Import, rows: readonly Planned[], { keys, ids }: Earlier): void {
  for (const row of rows) {
    if (row.outcome !== 'create' && row.outcome !== 'update') continue
    if (row.outcome === 'create') ids.add(row.id!)
    for (const field of rememberedFields(ctx, given)) {
      const value = row.values[field]
      if (typeof value === 'string' && !keys.has(placeOf(field, value, given))) keys.set(placeOf(field, value, given), { n: row.n, id: row.id! })
    }
  }
}

const placeOf = (field: string, value: string, { options }: Import): string => (field === options.key ? value : `${field}\u0000${value}`)
const rememberedFields = (ctx: Context, { object, options }: Import): string[] => [...new Set([...(options.key === null ? [] : [options.key]), ...uniquesOf(ctx, object)])]
const uniquesOf = ({ metadata }: Context, object: string): string[] => metadata.objects.get(object)!.fields.filter(({ unique }) => unique).map(({ key }) => key)

function refuseRepeated(ctx: Context, given: Import, rows: readonly Planned[], { keys }: Earlier): Planned[] {
  const uniques = uniquesOf(ctx, given.object)
  return rows.map((row) => {
    const again = row.outcome !== 'create' ? undefined : uniques.find((field) => typeof row.values[field] === 'string' && keys.has(placeOf(field, row.values[field], given)))
    if (again === undefined) return row
    const label = ctx.metadata.objects.get(given.object)!.field.get(again)!.label[ctx.request?.lang ?? 'zh']
    return refusedRow(ctx, given, row, [{ code: 'VALUE_DUPLICATE', path: again, params: { field: label } }])
  })
}


