import { lensOf, type Principal } from '#kernel/access'
import { namedValues } from '#kernel/metadata'
import { BASE_FIELDS, type Field } from '#language/definitions'
import { formatClock, formatMoney, formatPhone, formatRegion, formatSeconds, group } from '#language/values'
import type { Plan, Row } from './plan.ts'
import { referenceOf } from './values.ts'

/** Whose rights decide what is shown; null: the kernel's (what is written back into records). */
export interface Reading { plan: Plan; reader: Principal | null }

/** What stands in place of a field that the reader may not see; an empty field shows nothing. */
export const HIDDEN = '＊＊＊'

/** `{{field}}` replaced by what the reader may see of it, in 中文. Undefined while a referred record is being fetched. */
export function rendered(template: string, row: Row, reading: Reading): string | undefined {
  const { words, keys } = parsed(template)
  let text = words[0]!
  for (const [i, key] of keys.entries()) {
    const shown = shownField(row, key, reading)
    if (shown === undefined) return undefined
    text += shown + words[i + 1]!
  }
  return text.replaceAll(/ {2,}/g, ' ').trim()
}

interface Template { words: string[]; keys: string[] }
const templates = new Map<string, Template>()

/** Words stand between and around the keys. */
function parsed(template: string): Template {
  const known = templates.get(template)
  if (known) return known
  const parts = template.split(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/)
  const made = { words: parts.filter((_, i) => i % 2 === 0), keys: parts.filter((_, i) => i % 2 === 1) }
  if (templates.size >= TEMPLATES) templates.clear()
  templates.set(template, made)
  return made
}
const TEMPLATES = 5_000

/** One field as a person reads it. */
export function shownField(row: Row, key: string, { plan, reader }: Reading): string | undefined {
  const stored = row.values[key] ?? null
  if (stored === null) return ''
  const seen = reader && lensOf({ ...plan.ctx, principal: reader }, row.object).field(key)
  if (reader && !seen) return HIDDEN
  const value = seen ? seen.see(stored) : stored
  if (seen && seen.read !== 'full') return typeof value === 'string' ? value : HIDDEN
  const field = plan.ctx.metadata.objects.get(row.object)?.field.get(key)
  const offered = typeof value === 'string' ? namedValues(plan.ctx.metadata, row.object, key)?.[value] : undefined
  if (offered) return offered.zh
  return shown(value, field ?? { key, kind: BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.kind ?? 'text' }, { plan, reader })
}

type Shape = Pick<Field, 'key' | 'dictionary' | 'to' | 'unit'> & { kind: Field['kind'] | 'tags' }

function shown(value: unknown, field: Shape, reading: Reading): string | undefined {
  const { metadata, now, tenant } = reading.plan.ctx
  const option = (key: unknown) => metadata.dictionaries.get(field.dictionary ?? '')?.byKey.get(String(key))?.label.zh ?? String(key)
  switch (field.kind) {
    case 'select': return option(value)
    case 'multiselect': return (value as string[]).map(option).join('、')
    case 'tags': return (value as number[]).map((id) => metadata.tags.byId.get(id)?.label.zh ?? '').filter(Boolean).join('、')
    case 'money': return formatMoney(String(value))
    case 'integer': case 'decimal': return field.unit ? formatSeconds(Number(value)) : group(String(value))
    case 'percent': return `${String(value)}%`
    case 'phone': return formatPhone(String(value))
    case 'region': return formatRegion(String(value))
    case 'boolean': return value === true ? '是' : '否'
    // The words stay while time goes on.
    case 'datetime': return formatClock(String(value), now, tenant.zone)
    case 'member': return reading.plan.world.members.get(value as number)?.name ?? String(value)
    case 'members': return (value as number[]).map((id) => reading.plan.world.members.get(id)?.name ?? String(id)).join('、')
    case 'team': return metadata.teams.get(value as number)?.name ?? String(value)
    case 'reference': case 'anyReference': return titleOf(referenceOf(field.to, value), reading)
    case 'file': return String((value as unknown[]).length)
    default: return String(value)
  }
}

/** A record's name for the reader; undefined while it is being fetched. */
export function titleOf(reference: { object: string; id: string } | null, reading: Reading): string | undefined {
  const row = reference && reading.plan.row(reference.object, reference.id)
  if (!row) return row === undefined ? undefined : ''
  const title = reading.plan.ctx.metadata.objects.get(row.object)?.title
  return title === undefined ? '' : shownField(row, title, reading)
}
