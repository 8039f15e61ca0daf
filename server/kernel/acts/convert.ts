import { Refused, refused } from '#contract'
import { KERNEL, lensOf, type Context } from '#kernel/access'
import { actOf, getRecord, listRecords, lockCapacity, lockRecords, write, writeOrRefuse, type Intent, type RecordView, type Values, type Written } from '#kernel/records'
import type { Conversion } from '#language/definitions'
import { ids } from '#platform/db'
import { holds } from './offered.ts'
import { countRows, rowIntents } from './rows.ts'

type Target = Conversion['targets'][number]

/** What one target would be: its values so far, and records that may be the same, each with the fields they share. */
export interface ProposedTarget { into: string; object: string; optional: boolean; values: Values; ask: string[]; twins: { record: RecordView; same: string[] }[]; can: boolean; /** Rows that go along, by their object. */ rows: { object: string; count: number }[] }
export interface Proposal { source: RecordView; conversion: Conversion; targets: ProposedTarget[] }
/** Made anew with these values, joined to a record that is there, or left out. */
export type Choice = { into: string; as: 'new'; values: Values } | { into: string; as: 'join'; id: string } | { into: string; as: 'none' }
export interface Converted { source: string; made: { into: string; object: string; id: string }[]; written: Written[] }

const TWINS = 5

/** What a conversion of this record would bring about. Refused NOT_FOUND, FORBIDDEN, RECORD_LOCKED, ACT_NOT_OFFERED. Two statements and one per target. */
export async function proposeConversion(ctx: Context, key: string, id: string): Promise<Proposal> {
  const conversion = conversionOf(ctx, key)
  const source = await getRecord(ctx, conversion.object, id)
  refuseUnless(ctx, conversion, source)
  return { source, conversion, targets: await Promise.all(conversion.targets.map((target) => proposed(ctx, source, target))) }
}

const conversionOf = (ctx: Context, key: string): Conversion => ctx.metadata.conversions.get(key) ?? refused('NOT_FOUND')

function refuseUnless(ctx: Context, { when, object, label }: Conversion, source: RecordView): void {
  if (source.values['locked'] === true && !source.can.unlock) refused('RECORD_LOCKED')
  if (!source.can.edit) refused('FORBIDDEN')
  if (!holds(ctx, when, { object, values: { ...source.values, id: source.id } })) refused('ACT_NOT_OFFERED', undefined, { act: label[ctx.request?.lang ?? 'zh'] })
}

async function proposed(ctx: Context, source: RecordView, target: Target): Promise<ProposedTarget> {
  const lens = lensOf(ctx, target.object)
  const from = lensOf(ctx, source.object)
  const carried = target.fields.flatMap(({ from: key, to }) => (lens.writable.has(to) && from.field(key)?.read === 'full' && source.values[key] !== undefined ? [[to, source.values[key]] as const] : []))
  const constants = Object.entries(target.constants ?? {}).filter(([to]) => lens.writable.has(to))
  // The first that is filled stands.
  const values: Values = {}
  for (const [to, value] of [...carried, ...constants]) values[to] ??= value
  return {
    into: target.into, object: target.object, optional: target.optional === true, can: lens.can('create'), ask: target.ask.filter((field) => lens.writable.has(field)),
    values, twins: await twinsOf(ctx, source, target), rows: await countRows(ctx, source, target),
  }
}

/** Only among what this member may see. */
async function twinsOf(ctx: Context, source: RecordView, { object, match }: Target): Promise<ProposedTarget['twins']> {
  const lens = lensOf(ctx, object)
  const known = match.filter(({ from, field }) => lens.field(field)?.read === 'full' && lensOf(ctx, source.object).field(from)?.read === 'full' && source.values[from] !== undefined && source.values[from] !== null)
  if (known.length === 0 || !lens.can('read')) return []
  const { records } = await listRecords(ctx, object, { filter: { any: known.map(({ from, field }) => ({ field, op: 'eq', value: source.values[from] as string })) }, limit: TWINS })
  return records.map((record) => ({ record, same: known.filter(({ from, field }) => record.values[field] === source.values[from]).map(({ field }) => field) })).sort((a, b) => b.same.length - a.same.length)
}

/**
 * One record becomes others, in one act: targets are made as the member may make them, the source is marked, linked and locked on their behalf.
 * Tags go along, and rows where the conversion says so. Refused as proposeConversion and write refuse, and REQUEST_INVALID for choices that do not fit the conversion.
 */
export async function convert(ctx: Context, { key, id, choices }: { key: string; id: string; choices: readonly Choice[] }): Promise<Converted> {
  const conversion = conversionOf(ctx, key)
  const before = await getRecord(ctx, conversion.object, id)
  await lockCapacity(ctx, [before.values['owner'] as number | undefined, ctx.actor.kind === 'member' ? ctx.actor.id : undefined].filter((member) => typeof member === 'number'))
  await lockRecords(ctx, conversion.object, [id])
  const stands = await getRecord(ctx, conversion.object, id)
  refuseUnless(ctx, conversion, stands)
  // A segment's tag comes to the new record by itself, if its condition holds there.
  const source = { ...stands, tags: conversion.keepTags ? [] : stands.tags.filter((tag) => !ctx.metadata.tags.byKey.get(tag)?.segment) }
  const chosen = await chosenFor(ctx, conversion, choices)
  const made = await Promise.all(chosen.filter(({ choice }) => choice.as === 'new').map(async (each) => ({ ...each, intents: [birth(ctx, source, each, chosen), ...(await rowIntents(ctx, source, each))] })))
  const born = await give(ctx, made)
  const act = born[0]?.act
  const marks = [mark(conversion, source, chosen), ...chosen.flatMap((each) => finish(ctx, source, each, chosen))]
  const marked = await writeOrRefuse({ ...ctx, principal: KERNEL }, marks, { acts: [{ ...actOf(ctx), joins: act ?? undefined }] })
  return { source: id, made: chosen.map(({ target, id: to }) => ({ into: target.into, object: target.object, id: to })), written: [...born, ...marked] }
}

/** A refusal says of which target it speaks: `seat.name`. */
async function give(ctx: Context, made: readonly (Chosen & { intents: Intent[] })[]): Promise<Written[]> {
  if (made.length === 0) return []
  const wishes = made.flatMap(({ target, intents }) => intents.map((intent) => ({ into: target.into, intent })))
  const result = await write(ctx, wishes.map(({ intent }) => intent))
  if (result.ok) return result.written
  const { index, refusal } = result.refusals[0]!
  throw new Refused({ ...refusal, path: `${wishes[index]!.into}.${refusal.path ?? ''}` })
}

interface Chosen { target: Target; choice: Exclude<Choice, { as: 'none' }>; id: string }

async function chosenFor(ctx: Context, { targets }: Conversion, choices: readonly Choice[]): Promise<Chosen[]> {
  const by = new Map(choices.map((choice) => [choice.into, choice]))
  const chosen: Chosen[] = []
  for (const target of targets) {
    const choice = by.get(target.into) ?? { into: target.into, as: 'none' as const }
    if (choice.as === 'none') { if (!target.optional) refused('REQUEST_INVALID', target.into, { reason: ctx.metadata.objects.get(target.object)!.label[ctx.request?.lang ?? 'zh'] }); continue }
    if (choice.as === 'join') await getRecord(ctx, target.object, choice.id, [])
    chosen.push({ target, choice, id: choice.as === 'join' ? choice.id : ids.next() })
  }
  return chosen
}

const idOf = (chosen: readonly Chosen[], into: string): string | undefined => chosen.find(({ target }) => target.into === into)?.id

/** What stands where the target points to its siblings and its source. */
function linksOf({ target }: Chosen, source: RecordView, chosen: readonly Chosen[]): [string, string][] {
  return target.links.flatMap(({ to, target: into }) => { const id = into === undefined ? source.id : idOf(chosen, into); return id === undefined ? [] : [[to, id] as [string, string]] })
}

function birth(ctx: Context, source: RecordView, each: Chosen, chosen: readonly Chosen[]): Intent {
  const { target, choice, id } = each
  const lens = lensOf(ctx, target.object)
  const links = linksOf(each, source, chosen).filter(([to]) => lens.writable.has(to))
  const owner = source.values['owner'] as number | undefined
  return { op: 'create', object: target.object, id, values: { ...(choice.as === 'new' && choice.values), ...Object.fromEntries(links) }, ...(owner !== undefined && { owner }), ...(lens.writable.has('tags') && { tags: source.tags.filter((tag) => !ctx.metadata.tags.byKey.get(tag)?.policy) }) }
}

/** Links that only the system writes, and tags that decide permissions; a record that was joined keeps its own links. */
function finish(ctx: Context, source: RecordView, each: Chosen, chosen: readonly Chosen[]): Intent[] {
  const { target, choice, id } = each
  const lens = lensOf(ctx, target.object)
  const links = choice.as === 'new' ? linksOf(each, source, chosen).filter(([to]) => !lens.writable.has(to)) : []
  const rest = choice.as === 'new' && lens.writable.has('tags') ? source.tags.filter((tag) => ctx.metadata.tags.byKey.get(tag)?.policy) : source.tags
  return links.length + rest.length === 0 ? [] : [{ op: 'update', object: target.object, id, values: Object.fromEntries(links), addTags: rest }]
}

function mark({ object, set, lock }: Conversion, source: RecordView, chosen: readonly Chosen[]): Intent {
  return { op: 'update', object, id: source.id, values: { ...set, ...Object.fromEntries(chosen.map(({ target, id }) => [target.into, id])), ...(lock && { locked: true }) } }
}
