import { remembered } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'
import type { Policy } from '#language/definitions'

/** The fields of which a limit lets somebody read less. */
export const limits = ({ effect, off, fields }: Policy): string[] => (effect === 'limit' && !off ? Object.entries(fields).flatMap(([key, { read }]) => (read !== undefined && read !== 'full' ? [key] : [])) : [])

const known = new WeakMap<Metadata, Map<string, readonly string[]>>()

/** Fields of an object that some policy keeps, whole or in part, from somebody; worked out once for what is configured. */
export function keptFrom(metadata: Metadata, object: string): readonly string[] {
  const fields = remembered(known, metadata, () => new Map<string, readonly string[]>())
  const found = fields.get(object) ?? [...new Set(metadata.policiesOf(object).flatMap(limits))].flatMap((key) => (key === '*' ? [...(metadata.objects.get(object)?.field.keys() ?? [])] : [key]))
  fields.set(object, found)
  return found
}
