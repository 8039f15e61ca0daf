import type { Dictionary } from '#language/definitions'
import { tableName, type Tx } from '#platform/db'
import { type Finding, finding } from './checks/finding.ts'
import type { Planned } from './plan.ts'
import type { Metadata } from './types.ts'

/** A question to the data: is what would be taken away still used? */
interface Probe { of: Planned; sql: (parameter: string) => string; value: unknown; found: Finding }

/** Counted this far; beyond it there are more. */
const MOST = 1000

/** What records and members still use of what is to be removed. One statement, none when nothing is removed. */
export async function stillUsed(tx: Tx, planned: readonly Planned[], metadata: Metadata): Promise<{ of: Planned; found: Finding }[]> {
  const probes = planned.flatMap((each) => probesFor(each, metadata))
  if (probes.length === 0) return []
  const columns = probes.map(({ sql }, i) => `(select count(*) from (${sql(`$${i + 1}`)} limit ${MOST + 1}) x)::int as p${i}`)
  const [row] = await tx.query<Record<string, number>>(`select ${columns.join(', ')}`, probes.map(({ value }) => value))
  return probes.flatMap(({ of, found }, i) => (row![`p${i}`]! > 0 ? [{ of, found: counted(found, row![`p${i}`]!) }] : []))
}

/** How many stand in the way: the one thing that tells whether to clean up or to switch off. */
function counted(found: Finding, n: number): Finding {
  const [zh, en] = n > MOST ? [`${MOST} 多条`, `more than ${MOST}`] : [`${n} 条`, String(n)]
  return { ...found, zh: `${found.zh}（${zh}）`, en: `${found.en} (${en})` }
}

function probesFor(planned: Planned, metadata: Metadata): Probe[] {
  switch (planned.kind) {
    case 'dictionary': return removedOptions(planned).length > 0 ? optionProbes(planned, removedOptions(planned), metadata) : []
    case 'tag': return planned.after ? [] : tagProbes(planned, metadata)
    case 'role': return planned.after ? [] : [roleProbe(planned)]
    case 'object': return planned.after ? [] : [recordProbe(planned)]
    default: return []
  }
}

const used = (path: string, zh: string, en: string) => finding(path, zh, en, 'DEFINITION_IN_USE')

function removedOptions({ before, after }: Planned): string[] {
  const keysOf = (body: unknown) => new Set((body as Dictionary | undefined)?.options.map(({ key }) => key))
  return [...keysOf(before?.body).difference(keysOf(after?.body))]
}

function optionProbes(of: Planned, options: readonly string[], metadata: Metadata): Probe[] {
  const fields = [...metadata.objects.values()].flatMap((object) => [...object.field.values()].filter(({ dictionary }) => dictionary === of.key).map((field) => ({ object, field })))
  const inRecords = fields.map(({ object, field }): Probe => ({
    of, value: options,
    sql: (p) => `select from ${object.table} where "f_${field.key}" ${field.kind === 'multiselect' ? `&& ${p}::text[]` : `= any(${p}::text[])`}`,
    found: used('options', `「${object.label.zh}」的「${field.label.zh}」里还有去掉的选项；可以把它停用`, `“${object.label.en}”, field “${field.label.en}” still holds a removed option; switch it off instead`),
  }))
  const isSkill = [...metadata.assignmentPolicies.values()].some(({ object, skillField }) => metadata.objects.get(object)?.field.get(skillField)?.dictionary === of.key)
  return isSkill ? [...inRecords, skillProbe(of, options)] : inRecords
}

const skillProbe = (of: Planned, options: readonly string[]): Probe => ({
  of, value: options,
  sql: (p) => `select from {t}.member where capability->'skills' ?| ${p}::text[]`,
  found: used('options', '还有成员的专长是去掉的选项；可以把它停用', 'A member still has a removed option as a skill; switch it off instead'),
})

function tagProbes(of: Planned, metadata: Metadata): Probe[] {
  return [...metadata.objects.values()].map(({ table, label }) => ({
    of, value: of.key,
    sql: (p) => `select from ${table} where tags && array(select id from {t}.tag where key = ${p})`,
    found: used('', `「${label.zh}」里还有带这个标签的记录`, `Records of “${label.en}” still carry this tag`),
  }))
}

const roleProbe = (of: Planned): Probe => ({
  of, value: of.key,
  sql: (p) => `select from {t}.member where ${p}::text = any(roles)`,
  found: used('', '还有成员担任这个角色', 'Members still have this role'),
})

const recordProbe = (of: Planned): Probe => ({
  of, value: of.key,
  sql: (p) => `select from {t}."${tableName(of.key)}" where gone_act is null and ${p}::text <> ''`,
  found: used('', '这个对象还有记录', 'The object still has records'),
})
