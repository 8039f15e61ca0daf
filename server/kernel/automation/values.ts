import { awayAt } from '#kernel/access'
import type { Value } from '#language/definitions'
import { addDecimal, after, assumedYears, dayOf, durationDays, addDays, startOfDay, type Duration } from '#language/values'
import { readPushed } from '#kernel/intake'
import { said } from './pushed.ts'
import { onDuty } from './duty.ts'
import type { Act } from './scene.ts'
import { workplaceOf } from './working-time.ts'

/** The field that the value is for. */
export interface Slot { object: string; field: string }

/** A rule's value as it stands in a record's `values`; null is empty; undefined while something is being fetched. */
export function valueOf(value: Value, act: Act, slot: Slot): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('text' in value) return said(value.text, act, null)
  if ('pushed' in value) return pushedValue(value.pushed, act, slot)
  if ('record' in value) return asReference(act, slot)
  if ('owner' in value) return act.target.values['owner'] ?? null
  if ('supervisor' in value) return supervisorOf(act)
  if ('role' in value) return holderOf(value.role, act)
  if ('onDuty' in value) { const on = onDuty(value.onDuty, act); return on && (on[0] ?? null) }
  if ('now' in value) return moment(act.plan.ctx.now.getTime(), value.plus, act, slot)
  if ('advance' in value) return furtherOn(value.advance, act, slot)
  if ('add' in value) return summed(act.target.values[slot.field], value.add, act.plan.ctx.metadata.fieldKind(slot.object, slot.field) === 'integer')
  if ('earlier' in value) return earlier(value.earlier, act, slot)
  return fieldOf(value, act, slot)
}

/** Whoever is no longer active takes nothing on. */
function supervisorOf({ plan: { world }, target }: Act): number | null {
  const above = world.members.get(target.values['owner'] as number)?.supervisor ?? null
  return above !== null && world.members.get(above)?.active ? above : null
}

/** Whoever is away comes after all who are there. */
function holderOf(role: string, { plan: { world, ctx } }: Act): number | null {
  const holders = [...world.members.values()].filter(({ active, roles }) => active && roles.includes(role)).toSorted((a, b) => a.id - b.id)
  return (holders.find((each) => !awayAt(each, ctx.now.getTime())) ?? holders[0])?.id ?? null
}

/** As the field writes it; the field as it stands where nothing was sent that it can hold. */
function pushedValue(name: string, { plan: { ctx: { metadata } }, event, target }: Act, { object, field: key }: Slot): unknown {
  const [given, field] = [event.timer?.pushed?.values?.[name], metadata.objects.get(object)?.field.get(key)]
  const read = given === undefined || !field ? null : readPushed(metadata, field, given)
  return read?.ok ? (read.values[key] ?? null) : (target.object === object ? (target.values[key] ?? null) : null)
}

/** Never back: an option that stands further on stays, and so does one that is not known any more. */
function furtherOn(option: string, { plan: { ctx: { metadata } }, target }: Act, { object, field }: Slot): unknown {
  const stands = (target.object === object ? (target.values[field] ?? null) : null) as string | null
  if (stands === null) return option
  const order = [...(metadata.dictionaries.get(metadata.objects.get(object)?.field.get(field)?.dictionary ?? '')?.byKey.keys() ?? [])]
  const at = order.indexOf(stands)
  return at >= 0 && at < order.indexOf(option) ? option : stands
}

/** Numbers are numbers, decimals text. */
function summed(stands: unknown, more: number, isWhole: boolean): number | string {
  const sum = addDecimal(String((stands as string | number | null | undefined) ?? 0), String(more))
  return isWhole ? Number(sum) : sum
}

function asReference({ plan, trigger }: Act, { object, field }: Slot): unknown {
  return plan.ctx.metadata.fieldKind(object, field) === 'anyReference' ? { object: trigger.object, id: trigger.id } : trigger.id
}

/** An instant, or the day it falls on where the slot holds days. */
function moment(ms: number, plus: Duration | undefined, { plan: { ctx }, unannounced }: Act, slot: Slot): string {
  const place = workplaceOf(ctx)
  const at = plus === undefined ? ms : after(ms, plus, place)
  if (plus !== undefined) for (const year of assumedYears(ms, at, plus, place)) unannounced.add(year)
  return ctx.metadata.fieldKind(slot.object, slot.field) === 'date' ? dayOf(at, ctx.tenant.zone) : new Date(at).toISOString()
}

function earlier({ field, plus }: { field: string; plus: Duration }, act: Act, slot: Slot): unknown {
  const [current, other] = [act.target.values[field] as string | undefined, moment(act.plan.ctx.now.getTime(), plus, act, slot)]
  return current !== undefined && current !== null && current < other ? current : other
}

function fieldOf({ field, via, plus }: { field: string; via?: string | undefined; plus?: Duration | undefined }, act: Act, slot: Slot): unknown {
  const row = via === undefined ? act.trigger : referred(act, via)
  if (row === undefined) return undefined
  const found = row && pointing(act, { object: row.object, field }, slot, row.values[field] ?? null)
  return plus === undefined || found === null ? found : moved(found as string, plus, act, slot)
}

/** A reference into a field that may point to several objects says to which. */
function pointing({ plan: { ctx: { metadata } } }: Act, from: Slot, to: Slot, value: unknown): unknown {
  const field = metadata.objects.get(from.object)?.field.get(from.field)
  return field?.kind === 'reference' && metadata.fieldKind(to.object, to.field) === 'anyReference' ? referenceOf(field.to, value) : value
}

/** The record that the triggering record's reference points to; null: none. */
function referred({ plan, trigger }: Act, via: string): Act['target'] | null | undefined {
  const reference = referenceOf(plan.ctx.metadata.objects.get(trigger.object)?.field.get(via)?.to, trigger.values[via])
  return reference && plan.row(reference.object, reference.id)
}

export function referenceOf(to: unknown, value: unknown): { object: string; id: string } | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') return value as { object: string; id: string }
  const [object] = [to].flat()
  return typeof object === 'string' ? { object, id: value as string } : null
}

const isDay = (text: string): boolean => text.length === 10

/** Whole days move a day by the calendar; everything else moves the instant at which it begins. */
function moved(value: string, plus: Duration, act: Act, slot: Slot): string {
  const days = durationDays(plus)
  const { zone } = act.plan.ctx.tenant
  if (!isDay(value)) return moment(Date.parse(value), plus, act, slot)
  return days === null ? moment(startOfDay(value, zone), plus, act, slot) : moment(startOfDay(addDays(value, days), zone), undefined, act, slot)
}
