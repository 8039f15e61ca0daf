import { checkFormula, checkRollUp, isDerived } from '#language/formulas'
import type { Field, ObjectDefinition } from '#language/definitions'
import { type Finding, finding, findings, under } from './finding.ts'
import type { Reader } from './reader.ts'

/** A field that is worked out: its formula or roll-up holds, and it claims nothing that only a written field can keep. */
export function checkDerived(field: Field, object: ObjectDefinition, reader: Reader): Finding[] {
  if (!isDerived(field)) return []
  const claims = (['required', 'unique', 'default', 'check', 'copy', 'auto'] as const).filter((mark) => field[mark] !== undefined && field[mark] !== false)
  return findings(
    field.formula !== undefined && field.rollup !== undefined && finding('formula', '公式和关联汇总只能选一种', 'A field has a formula or a roll-up, not both'),
    object.immutable && finding('formula', '只增对象的字段不能自动计算', 'Fields of an append-only object cannot be worked out'),
    claims.map((mark) => finding(mark, `自动计算的字段不能设 ${mark}`, `A field that is worked out cannot have ${mark}`)),
    field.formula !== undefined && checkText(field, object, reader),
    field.rollup && checkChildren({ ...field, rollup: field.rollup }, object, reader),
  )
}

function checkText(field: Field, { key: object }: ObjectDefinition, { metadata }: Reader): Finding[] {
  const result = checkFormula(field.formula!, { object, kind: field.kind, dictionary: field.dictionary, schema: metadata.conditionSchema(object) })
  if (!result.ok) return [finding('formula', result.problem.zh, result.problem.en)]
  const moves = metadata.derivations().of(object, field.key)?.moves
  return moves && (field.sortable || field.searchable) ? [finding('sortable', '公式里用了「今天」，每天都会变，不能勾选「可以排序」和「可以搜索」', 'It depends on today and changes by itself every day: it cannot be marked sortable or searchable')] : []
}

function checkChildren(field: Parameters<typeof checkRollUp>[0], { key: object }: ObjectDefinition, { metadata }: Reader): Finding[] {
  const wrong = checkRollUp(field, object, metadata.conditionSchema(object))
  if (!wrong.ok) return under('rollup', [finding(wrong.path, wrong.zh, wrong.en)])
  const moving = [...wrong.rollup.reads].find((key) => metadata.derivations().of(wrong.rollup.child, key)?.moves)
  return moving === undefined ? [] : [finding('rollup', `「${labelIn(metadata, wrong.rollup.child, moving).zh}」到了新的一天会自己变，不能汇总`, `“${labelIn(metadata, wrong.rollup.child, moving).en}” changes by itself with every new day and cannot be rolled up`)]
}

const labelIn = (metadata: Reader['metadata'], object: string, key: string) => metadata.objects.get(object)?.field.get(key)?.label ?? { zh: key, en: key }

/** Fields that are worked out from each other, by name: 「甲 → 乙 → 甲」. Said where the ring begins. */
export function checkRings({ key }: ObjectDefinition, { metadata }: Reader): Finding[] {
  return metadata.derivations().rings.filter(([first]) => first!.startsWith(`${key}.`)).map((ring) => {
    const said = (lang: 'zh' | 'en') => ring.map((name) => labelOf(metadata, name, lang)).join(' → ')
    return finding('fields', `字段互相计算，成了循环：${said('zh')}`, `Fields are worked out from each other in a ring: ${said('en')}`)
  })
}

function labelOf(metadata: Reader['metadata'], name: string, lang: 'zh' | 'en'): string {
  const [object = '', key = ''] = name.split('.')
  return metadata.objects.get(object)?.field.get(key)?.label[lang] ?? name
}
