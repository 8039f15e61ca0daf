import type { Context } from '#kernel/access'
import { resolveContacts, type ContactPoint } from '#kernel/identity'
import { ids } from '#platform/db'
import { parsePhone } from '#language/values'
import type { Import, ImportRow } from './types.ts'

/** Ways to reach a person by which rows are recognised, where forms recognise people by them too. Pure. */
export function identitiesFor({ metadata }: Context, { object, mapping, options: { key } }: Import, rows: readonly ImportRow[]): ContactPoint[] {
  const form = [...metadata.forms.values()].find(({ object: into, identity }) => into === object && identity.field === key)
  const at = mapping.indexOf(key)
  if (!form || at < 0) return []
  return rows.flatMap(({ cells }): ContactPoint[] => {
    const written = cells[at] ?? ''
    const value = form.identity.kind === 'phone' ? phoneIn(written) : written.trim().toLowerCase()
    return value ? [{ kind: form.identity.kind, value, record: ids.next() }] : []
  })
}

function phoneIn(written: string): string {
  const phone = parsePhone(written)
  return phone.ok ? phone.e164 : ''
}

/** A form that comes in for the same person at this moment waits, or has been waited for: one person is not made twice (decision 13). */
export async function lockIdentities({ tx }: Context, { object }: Import, points: readonly ContactPoint[]): Promise<void> {
  if (points.length > 0) await resolveContacts(tx, object, points)
}
