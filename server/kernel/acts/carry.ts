import { refuse, refused, type Refusal } from '#contract'
import { KERNEL, type Context } from '#kernel/access'
import { actOf, getRecords, lockCapacity, lockRecords, readRecords, write, type Intent, type RecordImage, type RecordView, type Written } from '#kernel/records'
import type { Conversion, RecordAct } from '#language/definitions'
import { holds } from './offered.ts'

export interface Carrying { act: string; ids: readonly string[]; reason?: string | undefined; choice?: string | undefined }
export interface Carried { written: Written[]; refused: { id: string; refusal: Refusal }[] }

/** The acts and conversions that this member may carry out on this record as it stands. At most one statement. */
export async function offeredActs(ctx: Context, view: RecordView): Promise<{ acts: RecordAct[]; conversions: Conversion[] }> {
  const image = (await readRecords(ctx, view.object, [view.id])).get(view.id)
  const fits = ({ object, when }: Pick<RecordAct, 'object' | 'when'>) => object === view.object && image !== undefined && holds(ctx, when, image)
  return {
    acts: [...ctx.metadata.recordActs.values()].filter((act) => view.can[act.right] && fits(act)).sort((a, b) => a.order - b.order),
    conversions: [...ctx.metadata.conversions.values()].filter((conversion) => view.can.edit && fits(conversion)),
  }
}

/**
 * Carry out one act on many records, on the member's behalf where they hold its right: what may be done is done, the rest is named.
 * Refused NOT_FOUND (act), VALUE_REQUIRED (its reason, its choice). Statements do not grow with the number of records.
 */
export async function carryOut(ctx: Context, { act: key, ids, reason, choice }: Carrying): Promise<Carried> {
  const act = ctx.metadata.recordActs.get(key) ?? refused('NOT_FOUND')
  const lang = ctx.request?.lang ?? 'zh'
  if (act.reason === 'required' && !reason?.trim()) refused('VALUE_REQUIRED', 'reason', { field: lang === 'zh' ? '原因' : 'Reason' })
  if (act.ask !== undefined && !choice) refused('VALUE_REQUIRED', 'choice', { field: ctx.metadata.objects.get(act.object)?.field.get(act.ask)?.label[lang] ?? act.ask })
  const images = await locked(ctx, act, ids)
  const views = new Map((await getRecords(ctx, act.object, ids)).map((view) => [view.id, view]))
  const verdicts = ids.map((id) => ({ id, refusal: judge(ctx, act, { view: views.get(id), image: images.get(id) }) }))
  const intents = verdicts.filter(({ refusal }) => !refusal).map(({ id }) => intentOf(act, id, choice))
  const { written, refusals } = await writeWhatGoes({ ...ctx, principal: KERNEL }, intents, { images, reason: reason?.trim() || undefined })
  return { written, refused: [...verdicts.flatMap(({ id, refusal }) => (refusal ? [{ id, refusal }] : [])), ...refusals] }
}

async function locked(ctx: Context, act: RecordAct, ids: readonly string[]): Promise<ReadonlyMap<string, RecordImage>> {
  const owners = [...(await readRecords(ctx, act.object, ids)).values()].flatMap(({ owner }) => owner ?? [])
  await lockCapacity(ctx, owners)
  return lockRecords(ctx, act.object, ids)
}

/** Invisible and unknown alike; then the right, then whether it is the time for it. */
function judge(ctx: Context, act: RecordAct, { view, image }: { view: RecordView | undefined; image: RecordImage | undefined }): Refusal | null {
  if (!view || !image) return refuse('NOT_FOUND')
  if (image.values['locked'] === true && !view.can.unlock) return refuse('RECORD_LOCKED')
  if (!view.can[act.right]) return refuse('FORBIDDEN')
  return holds(ctx, act.when, image) ? null : refuse('ACT_NOT_OFFERED', undefined, { act: act.label[ctx.request?.lang ?? 'zh'] })
}

const intentOf = ({ object, set, ask, release }: RecordAct, id: string, choice: string | undefined): Intent =>
  ({ op: 'update', object, id, values: { ...set, ...(ask !== undefined && { [ask]: choice }) }, ...(release && { owner: null }) })

async function writeWhatGoes(ctx: Context, intents: readonly Intent[], { images, reason }: { images: ReadonlyMap<string, RecordImage>; reason: string | undefined }) {
  const refusals: Carried['refused'] = []
  for (let wishes = intents; wishes.length > 0;) {
    const result = await write(ctx, wishes, { acts: [{ ...actOf(ctx), reason }], locked: images })
    if (result.ok) return { written: result.written, refusals }
    const no = new Map(result.refusals.map(({ index, refusal }) => [index, refusal]))
    refusals.push(...[...no].map(([i, refusal]) => ({ id: wishes[i]!.id!, refusal })))
    wishes = wishes.filter((_, i) => !no.has(i))
  }
  return { written: [], refusals }
}
