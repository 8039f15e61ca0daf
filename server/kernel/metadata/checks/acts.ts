import type { Conversion, RecordAct } from '#language/definitions'
import { type Finding, finding, findings, repeated } from './finding.ts'
import type { Reader } from './reader.ts'

export const literals = (path: string, object: string, values: Record<string, string | number | boolean | null>, reader: Reader): Finding[] =>
  Object.entries(values).flatMap(([key, value]) => findings(reader.field(`${path}.${key}`, object, key), value !== null && reader.literal(`${path}.${key}`, object, key, value)))

export const checkRecordAct = ({ object, when, ask, set }: RecordAct, reader: Reader): Finding[] =>
  findings(
    reader.object('object', object),
    when && reader.condition('when', object, when, 'field-check'),
    ask !== undefined && reader.field('ask', object, ask, 'select'),
    literals('set', object, set, reader),
  )

export const checkConversion = ({ object, when, set, targets }: Conversion, reader: Reader): Finding[] =>
  findings(
    reader.object('object', object),
    when && reader.condition('when', object, when, 'field-check'),
    literals('set', object, set, reader),
    repeated(targets.map(({ into }) => into)).map((into) => finding('targets', `「${into}」出现多次`, `“${into}” stands more than once`)),
    targets.flatMap((target, i) => checkTarget(target, { object, before: targets.slice(0, i), at: `targets.${i}` }, reader)),
  )

interface Place { object: string; before: Conversion['targets']; at: string }

function checkTarget({ object: to, into, fields, constants = {}, links, ask, match, lines = [] }: Conversion['targets'][number], { object, before, at }: Place, reader: Reader): Finding[] {
  const sources = new Map(before.map((each) => [each.into, each.object]))
  return findings(
    reader.object(`${at}.object`, to),
    reader.referenceTo(`${at}.into`, object, into, to),
    fields.flatMap((each, i) => checkCarried(`${at}.fields.${i}`, [object, each.from], [to, each.to], reader)),
    literals(`${at}.constants`, to, constants, reader),
    links.flatMap(({ to: key, target }, i) => (target !== undefined && !sources.has(target)
      ? [finding(`${at}.links.${i}`, `「${target}」不在它前面`, `“${target}” does not stand before it`)]
      : reader.referenceTo(`${at}.links.${i}`, to, key, target === undefined ? object : sources.get(target)!))),
    ask.flatMap((key, i) => reader.field(`${at}.ask.${i}`, to, key)),
    match.flatMap((each, i) => checkCarried(`${at}.match.${i}`, [object, each.from], [to, each.field], reader)),
    lines.flatMap((rows, i) => findings(
      rowsIn(`${at}.lines.${i}.from`, object, rows.from, reader),
      rowsIn(`${at}.lines.${i}.to`, to, rows.to, reader),
      rows.fields.flatMap((each, n) => checkCarried(`${at}.lines.${i}.fields.${n}`, [rows.from, each.from], [rows.to, each.to], reader)),
    )),
  )
}

const rowsIn = (path: string, whole: string, rows: string, reader: Reader): Finding[] =>
  findings(reader.object(path, rows), reader.objectOf(whole) && !reader.objectOf(whole)!.lines?.some(({ object }) => object === rows) && finding(path, `「${whole}」没有明细「${rows}」`, `“${whole}” has no rows “${rows}”`))

type Cell = readonly [object: string, field: string]
/** A value fits where its kind stands, and where text stands. */
function checkCarried(path: string, [from, key]: Cell, [to, into]: Cell, reader: Reader): Finding[] {
  const wrong = findings(reader.field(path, from, key), reader.field(path, to, into))
  const [was, becomes] = [reader.metadata.fieldKind(from, key), reader.metadata.fieldKind(to, into)]
  if (wrong.length > 0 || was === undefined || becomes === undefined || was === becomes || becomes === 'text' || becomes === 'long') return wrong
  return [finding(path, `「${key}」是 ${was}，不能带到 ${becomes}「${into}」`, `“${key}” is of kind ${was} and cannot be carried to “${into}”, which is ${becomes}`)]
}
