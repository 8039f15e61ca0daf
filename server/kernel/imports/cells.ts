import { cleanText, halfWidth, parseDay, parseDecimal, parsePhone, parseRegion, startOfDay } from '#language/values'
import type { Context } from '#kernel/access'
import { bare, tagsFor } from './fields.ts'
import { momentIn } from './moments.ts'
import type { Names } from './names.ts'
import type { ImportField } from './types.ts'

/** What a cell means (undefined: nothing stands in it), or why it means nothing: in both languages. */
export type ReadCell = { ok: true; value: unknown } | { ok: false; zh: string; en: string }
const means = (value: unknown): ReadCell => ({ ok: true, value })
const no = (zh: string, en: string): ReadCell => ({ ok: false, zh, en })
const NOTHING = means(undefined)

const FAILED = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!)$/
/** `1.38E+10`: the digits are gone. */
const SHORTENED = /^\d(\.\d+)?E\+\d+$/i
const MASKED = /[★*＊●]{2,}/

/** One cell by its field. Pure: names of members and records have been looked up before. */
export function readCell(ctx: Context, field: ImportField, { text, names, masked }: { text: string; names: Names; masked: boolean }): ReadCell {
  const written = cleanText(text)
  if (written === '' || /^[-—–/\\]+$/.test(written)) return NOTHING
  if (FAILED.test(written)) return no(`单元格里的公式出错了（${written}）`, `its formula has failed (${written})`)
  if (MASKED.test(written) && (masked || field.kind === 'phone' || field.kind === 'email')) return no('是脱敏后的内容，不会写进去', 'it is shown in part only and is not taken')
  return READERS[field.kind]({ ctx, field, written, plain: halfWidth(written).trim(), names })
}

interface Cell { ctx: Context; field: ImportField; written: string; plain: string; names: Names }
type Reader = (cell: Cell) => ReadCell

const asWritten: Reader = ({ written }) => means(written)
const digits: Reader = ({ plain }) => (SHORTENED.test(plain) ? no('号码被 Excel 写成了科学计数法，请把这一列改成文本格式后重填', 'the number was shortened by the spreadsheet; format the column as text') : NOTHING)

const phone: Reader = (cell) => {
  const short = digits(cell)
  if (!short.ok) return short
  const parsed = parsePhone(cell.plain.replace(/\.0+$/, ''))
  return parsed.ok ? means(parsed.e164) : no(`「${shown(cell.written)}」不是有效的电话号码`, `“${shown(cell.written)}” is not a valid phone number`)
}

const number = (whole: boolean): Reader => ({ written, plain }) => {
  const parsed = parseDecimal(plain)
  if (!parsed.ok) return no(`「${shown(written)}」不是数字`, `“${shown(written)}” is not a number`)
  if (!whole) return means(parsed.value)
  return /^-?\d{1,15}$/.test(parsed.value) ? means(Number(parsed.value)) : no(`「${shown(written)}」应为整数`, `“${shown(written)}” must be a whole number`)
}

const percent: Reader = (cell) => number(false)({ ...cell, plain: cell.plain.replace(/[%％]$/, '') })

const YES = new Set(['是', '对', '有', '真', '√', '✓', '✔', 'y', 'yes', 'true', 't', '1', 'on'])
const NO = new Set(['否', '不', '无', '没有', '假', '×', '✗', '✘', 'x', 'n', 'no', 'false', 'f', '0', 'off'])
const boolean: Reader = ({ written, plain }) => {
  const word = plain.toLowerCase()
  return YES.has(word) ? means(true) : NO.has(word) ? means(false) : no(`「${shown(written)}」应为“是”或“否”`, `“${shown(written)}” must be yes or no`)
}

const date: Reader = ({ written, plain }) => {
  const moment = momentIn(plain)
  return moment && parseDay(moment.day).ok ? means(moment.day) : no(`「${shown(written)}」不是有效日期，请写成 2026-11-22`, `“${shown(written)}” is not a valid date; write it as 2026-11-22`)
}

/** Without a time it is the beginning of the day. Times are those of the tenant's clock. */
const datetime: Reader = ({ ctx, written, plain }) => {
  const moment = momentIn(plain)
  if (!moment || !parseDay(moment.day).ok) return no(`「${shown(written)}」不是有效时间，请写成 2026-11-22 14:05`, `“${shown(written)}” is not a valid time; write it as 2026-11-22 14:05`)
  return means(new Date(startOfDay(moment.day, ctx.tenant.zone) + moment.ms).toISOString())
}

const LIST = /[、,，;；/|\n]+/
const words = (text: string): string[] => text.split(LIST).map((word) => word.trim()).filter(Boolean)

function optionOf({ ctx, field }: Cell, word: string): string | undefined {
  const options = ctx.metadata.dictionaries.get(field.dictionary ?? '')?.options.filter(({ off }) => !off) ?? []
  const named = (text: string) => options.find(({ key, label }) => [key, label.zh, label.en].some((each) => bare(each) === bare(text)))
  // 「制造/机械」 names an option below another one.
  return (named(word) ?? named(word.split(/[/>-]/).at(-1)!))?.key
}

const missing = ({ ctx, field }: Cell, word: string): ReadCell => {
  const labels = (ctx.metadata.dictionaries.get(field.dictionary ?? '')?.options ?? []).filter(({ off }) => !off)
  const some = (lang: 'zh' | 'en') => labels.slice(0, 6).map(({ label }) => label[lang]).join(lang === 'zh' ? '、' : ', ') + (labels.length > 6 ? (lang === 'zh' ? '……' : ', …') : '')
  return no(`「${shown(word)}」不在可选项中，可以填：${some('zh')}`, `“${shown(word)}” is not one of: ${some('en')}`)
}

const select: Reader = (cell) => {
  const key = optionOf(cell, cell.written)
  return key === undefined ? missing(cell, cell.written) : means(key)
}

const multiselect: Reader = (cell) => {
  const [whole, chosen] = [optionOf(cell, cell.written), words(cell.written)]
  if (whole !== undefined) return means([whole])
  const wrong = chosen.find((word) => optionOf(cell, word) === undefined)
  return wrong === undefined ? means([...new Set(chosen.map((word) => optionOf(cell, word)!))]) : missing(cell, wrong)
}

const region: Reader = ({ written }) => {
  const parsed = parseRegion(written)
  return parsed.ok ? means(parsed.code) : no(`没有认出地区「${shown(written)}」，请写成“江苏苏州”或“江苏省苏州市”`, `the region “${shown(written)}” is not known`)
}

const member: Reader = ({ written, names }) => {
  const found = names.members(written)
  if (found.length === 1) return means(found[0])
  return found.length === 0 ? no(`没有叫「${shown(written)}」的在职成员`, `there is no active member “${shown(written)}”`) : no(`有 ${found.length} 位成员叫「${shown(written)}」，请改填手机号或邮箱`, `${found.length} members are called “${shown(written)}”; give a phone or an e-mail`)
}

const members: Reader = (cell) => {
  const all = words(cell.written).map((written) => member({ ...cell, written }))
  return all.find(({ ok }) => !ok) ?? means(all.map((each) => (each as { value: unknown }).value))
}

const team: Reader = ({ ctx, written }) => {
  const found = [...ctx.metadata.teams.values()].filter(({ name }) => bare(name) === bare(written))
  return found.length === 1 ? means(found[0]!.id) : no(`没有叫「${shown(written)}」的部门`, `there is no team “${shown(written)}”`)
}

const reference: Reader = ({ field, written, names }) => {
  const found = names.records(field, written)
  const [only] = found
  if (only && found.length === 1) return means(field.kind === 'anyReference' ? only : only.id)
  return only ? no(`有 ${found.length} 条都叫「${shown(written)}」，请改填编号`, `${found.length} records are called “${shown(written)}”; give a number`) : no(`没有找到「${shown(written)}」，或你无权查看`, `“${shown(written)}” was not found, or is not yours to see`)
}

const tags: Reader = ({ ctx, written }) => {
  const known = tagsFor(ctx)
  const wrong = words(written).find((word) => !known.has(bare(word)))
  return wrong === undefined ? means([...new Set(words(written).map((word) => known.get(bare(word))!))]) : no(`没有可用的标签「${shown(wrong)}」`, `there is no tag “${shown(wrong)}” to give`)
}

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
const never: Reader = () => no('不能从文件导入', 'it cannot be imported')

const READERS: Readonly<Record<ImportField['kind'], Reader>> = {
  text: asWritten, long: asWritten, url: asWritten, email: ({ plain }) => means(plain.toLowerCase().replace(/^mailto:/, '')),
  integer: number(true), decimal: number(false), money: number(false), percent, boolean, date, datetime, select, multiselect, phone, region,
  member, members, team, reference, anyReference: reference, tags, file: never, auto: never,
}
