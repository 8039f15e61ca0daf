import { BASE_FIELDS, type Dictionary, type Field, type FieldKind, type ObjectDefinition, type Track } from '#language/definitions'
import { BASE_COLUMNS } from '#platform/db'
import { type Finding, finding, findings, repeated, under } from './finding.ts'
import { checkDerived, checkRings } from './derived.ts'
import { checkCopy, checkLines, checkPart } from './lines.ts'
import type { Reader } from './reader.ts'

export function checkDictionary({ options }: Dictionary): Finding[] {
  const keys = new Set(options.map(({ key }) => key))
  const parentOf = new Map(options.map(({ key, parent }) => [key, parent]))
  return findings(
    repeated(options.map(({ key }) => key)).map((key) => finding('options', `选项「${key}」出现多次`, `Option “${key}” stands more than once`)),
    options.flatMap(({ key, parent }, i) => findings(
      parent !== undefined && !keys.has(parent) && finding(`options.${i}.parent`, `没有上级选项「${parent}」`, `There is no option “${parent}”`),
      isAboveItself(key, parentOf) && finding(`options.${i}.parent`, `选项「${key}」成了自己的上级`, `Option “${key}” is above itself`))),
  )
}

function isAboveItself(key: string, parentOf: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>()
  for (let at = parentOf.get(key); at !== undefined && !seen.has(at); at = parentOf.get(at)) {
    if (at === key) return true
    seen.add(at)
  }
  return false
}

const RESERVED = new Set([...Object.keys(BASE_FIELDS), ...BASE_COLUMNS.map(({ name }) => name)])
const LIMITS = { sortable: 20, searchable: 8 } as const

export function checkObject(object: ObjectDefinition, reader: Reader): Finding[] {
  const living = object.fields.filter(({ retired }) => !retired)
  const own = (path: string, key: string | undefined, ...kinds: FieldKind[]) => (key === undefined ? [] : reader.field(path, object.key, key, ...kinds))
  return findings(
    repeated(object.fields.map(({ key }) => key)).map((key) => finding('fields', `字段「${key}」出现多次`, `Field “${key}” stands more than once`)),
    object.fields.flatMap((field, i) => (field.retired ? [] : under(`fields.${i}`, checkField(field, object, reader)))),
    (['sortable', 'searchable'] as const).map((mark) => living.filter((each) => each[mark]).length > LIMITS[mark]
      && finding('fields', `${mark} 字段最多 ${LIMITS[mark]} 个`, `At most ${LIMITS[mark]} fields may be ${mark}`)).filter((each) => each !== false),
    checkRings(object, reader),
    checkLines(object, reader),
    checkPart(object, reader),
    own('title', object.title),
    (object.subtitle ?? []).flatMap((key, i) => own(`subtitle.${i}`, key)),
    (object.timeline ?? []).flatMap((key, i) => own(`timeline.${i}`, key, 'reference', 'anyReference')),
    own('scopeVia', object.scopeVia, 'reference', 'anyReference'),
    own('ownerVia', object.ownerVia, 'reference'),
    own('event.starts', object.event?.starts, 'datetime'),
    own('event.ends', object.event?.ends, 'datetime'),
    own('event.place', object.event?.place, 'text'),
    own('event.link', object.event?.link, 'url'),
    own('shift.member', object.shift?.member, 'member'),
    own('shift.from', object.shift?.from, 'datetime'),
    own('shift.to', object.shift?.to, 'datetime'),
    own('shift.duty', object.shift?.duty, 'select'),
    own('participants', object.participants, 'members'),
    object.load && reader.condition('load.while', object.key, object.load.while, 'field-check'),
    object.open && reader.condition('open', object.key, object.open, 'field-check'),
    object.person !== undefined && object.person !== true && reader.condition('person', object.key, object.person, 'field-check'),
    own('activity.subject', object.activity?.subject, 'reference', 'anyReference'),
    own('activity.nextAt', object.activity?.nextAt, 'datetime', 'date'),
    own('activity.result', object.activity?.result),
    object.track && checkTrack(object.key, object.track, reader),
    own('comment.subject', object.comment?.subject, 'reference', 'anyReference'),
    own('comment.text', object.comment?.text, 'long', 'text'),
    own('comment.withdrawn', object.comment?.withdrawn, 'boolean'),
    (object.follow ?? []).flatMap((key, i) => own(`follow.${i}`, key)),
  )
}

function checkTrack(object: string, track: Track, reader: Reader): Finding[] {
  const { behaviour } = track
  const own = (at: string, key: string | undefined, ...kinds: FieldKind[]) => (key === undefined ? [] : reader.field(`track.${at}`, object, key, ...kinds))
  const noted = (at: string, key: string, ...kinds: FieldKind[]) => reader.field(`track.behaviour.${at}`, behaviour.object, key, ...kinds)
  return [
    own('token', track.token, 'auto'), own('target', track.target, 'url'), own('active', track.active, 'boolean'), own('carries', track.carries, 'boolean'),
    own('subject', track.subject, 'reference', 'anyReference'), own('opens', track.opens, 'integer'), own('firstAt', track.firstAt, 'datetime'), own('lastAt', track.lastAt, 'datetime'),
    Object.keys(track.gives ?? {}).flatMap((key) => own('gives', key)),
    reader.object('track.behaviour.object', behaviour.object), noted('subject', behaviour.subject, 'reference', 'anyReference'), noted('kind', behaviour.kind, 'select'),
    noted('page', behaviour.page, 'text'), noted('at', behaviour.at, 'datetime'), noted('visitor', behaviour.visitor, 'text'),
  ].flat()
}

const CHOICES: readonly FieldKind[] = ['select', 'multiselect']
const UNIQUE: readonly FieldKind[] = ['text', 'email', 'url', 'phone', 'integer', 'auto', 'reference', 'date']
const SORTABLE: readonly FieldKind[] = ['text', 'integer', 'decimal', 'money', 'percent', 'boolean', 'date', 'datetime', 'select', 'phone', 'email', 'url', 'member', 'team', 'region', 'auto', 'reference']
const SEARCHABLE: readonly FieldKind[] = ['text', 'long', 'email', 'url', 'phone', 'auto']

function checkField(field: Field, object: ObjectDefinition, reader: Reader): Finding[] {
  const { key, kind } = field
  const only = (mark: 'unique' | 'sortable' | 'searchable', kinds: readonly FieldKind[]) =>
    field[mark] && !kinds.includes(kind) && finding(mark, `${kind} 类字段不能设为 ${mark}`, `A ${kind} field cannot be ${mark}`)
  return findings(
    RESERVED.has(key) && finding('key', `「${key}」是系统字段，请换一个标识`, `“${key}” is a base field; choose another key`),
    checkDictionaryOf(field, reader),
    checkTargets(field, reader),
    only('unique', UNIQUE), only('sortable', SORTABLE), only('searchable', SEARCHABLE),
    field.unit && kind !== 'integer' && finding('unit', '只有整数字段能按秒计', 'Only a whole number counts seconds'),
    (kind === 'auto') !== (field.auto !== undefined) && finding('auto', '自动编号字段需要前缀和位数，其他字段不能有', 'An auto field needs its prefix and digits, and only an auto field has them'),
    checkDefault(field, reader),
    checkDerived(field, object, reader),
    checkCopy(field, object, reader),
    field.check && reader.condition('check.condition', object.key, field.check.condition, 'field-check'),
  )
}

function checkDictionaryOf({ kind, dictionary }: Field, { metadata }: Reader): Finding[] {
  if (!CHOICES.includes(kind)) return findings(dictionary !== undefined && finding('dictionary', `${kind} 类字段没有字典`, `A ${kind} field has no dictionary`))
  if (dictionary === undefined) return [finding('dictionary', '选项字段需要一个字典', 'A choice needs a dictionary')]
  return findings(!metadata.dictionaries.has(dictionary) && finding('dictionary', `没有字典「${dictionary}」`, `There is no dictionary “${dictionary}”`))
}

function checkTargets({ kind, to }: Field, reader: Reader): Finding[] {
  const fits = kind === 'reference' ? typeof to === 'string' && to !== '*' : kind === 'anyReference' ? to !== undefined : to === undefined
  if (!fits) return [finding('to', '关联字段需要指明对象，其他字段不能有', 'A reference needs its object, and only a reference has one')]
  return to === '*' ? [] : [to ?? []].flat().flatMap((each) => reader.object('to', each))
}

function checkDefault(field: Field, reader: Reader): Finding[] {
  const { default: value, kind } = field
  if (value === undefined) return []
  if (typeof value !== 'object') return under('default', reader.literalOf(field, value))
  const fits = 'now' in value ? kind === 'date' || kind === 'datetime' : kind === 'member' || kind === 'members'
  return findings(!fits && finding('default', `这个默认值不适合 ${kind} 类字段`, `This default does not fit a ${kind} field`))
}
