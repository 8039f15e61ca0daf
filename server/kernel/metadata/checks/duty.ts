import type { OnDuty } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'

/** Whoever is on duty: the rota exists, knows the duty, and `at` is an instant of the record that it is about. */
export function checkOnDuty({ object, duty, at }: OnDuty, about: string, reader: Reader): Finding[] {
  const unknown = reader.object('onDuty.object', object)
  if (unknown.length > 0) return unknown
  const shift = reader.objectOf(object)?.shift
  if (!shift) return [finding('onDuty.object', `「${object}」不是排班表`, `“${object}” is no rota`)]
  return findings(
    duty !== undefined && shift.duty === undefined && finding('onDuty.duty', `「${object}」不分值班岗位`, `“${object}” knows no duties`),
    duty !== undefined && shift.duty !== undefined && reader.option('onDuty.duty', object, shift.duty, duty),
    at !== undefined && reader.field('onDuty.at', about, at, 'datetime'),
  )
}
