import type { Trigger } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'

/** What identifies a record: its own number, a unique field, or a contact point. */
const NAMING: ReadonlySet<string> = new Set(['text', 'auto', 'phone', 'email'])
const TAKES: ReadonlySet<string> = new Set(['text', 'long', 'phone', 'email', 'url', 'integer', 'decimal', 'money', 'percent', 'boolean', 'select', 'region', 'date', 'datetime'])

/** What another system sends finds its record, and its values their fields. */
export function checkPushed({ object, match, missing, existing = [], values }: Extract<Trigger, { on: 'pushed' }>, reader: Reader): Finding[] {
  const fields = reader.objectOf(object)?.field
  const by = fields?.get(match.field)
  const names = values.map(({ name }) => name)
  const needed = missing === 'create' ? [...(fields?.values() ?? [])].filter((each) => each.required && each.default === undefined && each.kind !== 'auto' && each.key !== match.field && !values.some(({ field }) => field === each.key)) : []
  return findings(
    match.field !== 'id' && reader.field('trigger.match.field', object, match.field),
    by && !(NAMING.has(by.kind) && (by.unique || by.kind === 'auto' || by.kind === 'phone' || by.kind === 'email')) && finding('trigger.match.field', `不能凭「${by.label.zh}」认记录：请选唯一的字段、编号，或手机、邮箱`, `A record cannot be told by “${by.label.en}”: take a unique field, its number, a phone or an e-mail`),
    missing === 'create' && (match.field === 'id' || by?.kind === 'auto') && finding('trigger.missing', '凭系统编号认的记录，没有时不能新建', 'What is told by our own number cannot be made'),
    existing.flatMap((each, at) => findings(
      reader.object(`trigger.existing.${at}.object`, each.object),
      reader.field(`trigger.existing.${at}.field`, each.object, each.field, ...(by ? [by.kind] : [])),
      reader.referenceTo(`trigger.existing.${at}.into`, object, each.into, each.object))),
    names.filter((name, at) => names.indexOf(name) !== at).map((name) => finding('trigger.values', `「${name}」取了两次`, `“${name}” is taken twice`)),
    values.flatMap(({ field }, at) => (field === undefined ? [] : findings(reader.field(`trigger.values.${at}.field`, object, field), writable(fields?.get(field), `trigger.values.${at}.field`)))),
    needed.map(({ key, label }) => finding('trigger.values', `新建时缺少必填字段「${label.zh}」（${key}）`, `Making one needs the required field “${label.en}” (${key})`)))
}

const writable = (field: { kind: string; label: { zh: string; en: string }; readOnly?: boolean | undefined } | undefined, path: string): Finding[] =>
  findings(field && (!TAKES.has(field.kind) || field.readOnly) && finding(path, `「${field.label.zh}」不能由推送写入`, `“${field.label.en}” cannot be written from what is sent`))
