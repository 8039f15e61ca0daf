import { checkCondition, needsOf, type Profile } from '#language/conditions'
import type { Field, FieldKind, Label } from '#language/definitions'
import type { Metadata, ObjectMetadata } from '../types.ts'
import { type Finding, finding, findings, under } from './finding.ts'

/** Questions that every check asks of the definitions as they would stand after publishing; each answers with findings. */
export class Reader {
  readonly metadata: Metadata

  constructor(metadata: Metadata) { this.metadata = metadata }

  object(path: string, key: string): Finding[] {
    return this.metadata.objects.has(key) ? [] : [finding(path, `没有对象「${key}」`, `There is no object “${key}”`)]
  }

  objectOf = (key: string): ObjectMetadata | undefined => this.metadata.objects.get(key)

  /** A field or base field of the object. Silent when the object itself is missing: that has been said. */
  field(path: string, object: string, key: string, ...kinds: (FieldKind | 'tags')[]): Finding[] {
    if (!this.metadata.objects.has(object)) return []
    const kind = this.metadata.fieldKind(object, key)
    if (kind === undefined) return [finding(path, `「${object}」没有字段「${key}」`, `“${object}” has no field “${key}”`)]
    if (kinds.length === 0 || kinds.includes(kind)) return []
    return [finding(path, `字段「${key}」的类型是 ${kind}，这里需要 ${kinds.join('、')}`, `Field “${key}” is of kind ${kind}; ${kinds.join(' or ')} is needed here`)]
  }

  /** Objects whose records the reference field may point to. */
  targetsOf(object: string, key: string): string[] {
    const to = this.metadata.objects.get(object)?.field.get(key)?.to
    return to === '*' ? [...this.metadata.objects.keys()] : [to ?? []].flat()
  }

  /** A reference field of `object` that may point to `target`. */
  referenceTo(path: string, object: string, key: string, target: string): Finding[] {
    const wrong = this.field(path, object, key, 'reference', 'anyReference')
    if (wrong.length > 0 || !this.metadata.objects.has(object) || this.targetsOf(object, key).includes(target)) return wrong
    return [finding(path, `字段「${key}」不指向「${target}」`, `Field “${key}” does not point to “${target}”`)]
  }

  /** The options of a select field as keys; undefined when the field has no dictionary. */
  options(object: string, key: string): ReadonlyMap<string, unknown> | undefined {
    const dictionary = this.metadata.objects.get(object)?.field.get(key)?.dictionary
    return dictionary === undefined ? undefined : this.metadata.dictionaries.get(dictionary)?.byKey
  }

  option(path: string, object: string, key: string, option: string): Finding[] {
    const options = this.options(object, key)
    return options && !options.has(option) ? [finding(path, `字段「${key}」没有选项「${option}」`, `Field “${key}” has no option “${option}”`)] : []
  }

  role(path: string, key: string): Finding[] {
    return this.metadata.roles.has(key) ? [] : [finding(path, `没有角色「${key}」`, `There is no role “${key}”`)]
  }

  tag(path: string, key: string): Finding[] {
    return this.metadata.tags.byKey.has(key) ? [] : [finding(path, `没有标签「${key}」，请先建立标签`, `There is no tag “${key}”; create it first`)]
  }

  /** `anyone`: nobody looks at the record when it is decided, so `me` means nothing there; `member`: somebody does, and it decides all the same. */
  condition(path: string, object: string, condition: unknown, profile: Profile, anyone: boolean | 'member' = true): Finding[] {
    if (!this.metadata.objects.has(object)) return []
    const result = checkCondition(condition, this.metadata.conditionSchema(object), profile)
    if (!result.ok) return result.problems.map((each) => finding(joined(path, each.path), each.zh, each.en, 'CONDITION_INVALID'))
    const needs = needsOf(result.checked)
    const moving = anyone ? this.movingAmong(needs.reads) : undefined
    if (moving) return [finding(path, `「${moving.zh}」到了新的一天会自己变，只能用在视图和筛选里；这里请直接比较日期`, `“${moving.en}” changes by itself with every new day and serves views and filters only; compare its date here`, 'CONDITION_INVALID')]
    return anyone === true && needs.readsMember ? [finding(path, '这里没有「我」，请选择具体的人或字段', 'There is no “me” here; choose a member or a field', 'CONDITION_INVALID')] : []
  }

  /** A field among these that the clock changes: nobody is told when, so nothing can be decided by it in time. */
  private movingAmong(reads: ReadonlyMap<string, ReadonlySet<string>>): Label | undefined {
    const derivations = this.metadata.derivations()
    return [...reads].flatMap(([object, keys]) => [...keys].filter((key) => derivations.of(object, key)?.moves).map((key) => this.labelOf(object, key)))[0]
  }

  /** What people call the field. */
  labelOf = (object: string, key: string): Label => this.metadata.objects.get(object)?.field.get(key)?.label ?? { zh: key, en: key }

  /** A literal that is to stand in the field. Only what metadata can know; the write path knows the rest. */
  literal(path: string, object: string, key: string, value: string | number | boolean): Finding[] {
    const field = this.metadata.objects.get(object)?.field.get(key)
    return field ? under(path, this.literalOf(field, value)) : []
  }

  literalOf(field: Field, value: string | number | boolean): Finding[] {
    const { kind, dictionary, key } = field
    const options = dictionary === undefined ? undefined : this.metadata.dictionaries.get(dictionary)?.byKey
    const unknownOption = (kind === 'select' || kind === 'multiselect') && options && !options.has(String(value))
    return findings(
      !LITERALS[kind].includes(typeof value) && finding('', `「${String(value)}」不能写入 ${kind} 类字段「${key}」`, `“${String(value)}” cannot stand in the ${kind} field “${key}”`),
      unknownOption && finding('', `字段「${key}」没有选项「${String(value)}」`, `Field “${key}” has no option “${String(value)}”`),
    )
  }
}

const TEXT = ['string']
const NUMBER = ['string', 'number']
/** JavaScript types that a literal for a field of the kind may have; none: the kind takes no literal. */
const LITERALS: Readonly<Record<FieldKind, readonly string[]>> = {
  text: NUMBER, long: TEXT, email: TEXT, url: TEXT, phone: TEXT, region: TEXT, select: TEXT, multiselect: TEXT, date: TEXT, datetime: TEXT, reference: TEXT, auto: TEXT,
  integer: ['number'], decimal: NUMBER, money: NUMBER, percent: NUMBER, member: ['number'], members: [], team: ['number'], boolean: ['boolean'], anyReference: [], file: [],
}

const joined = (path: string, rest: string) => (rest === '' ? path : `${path}.${rest}`)
