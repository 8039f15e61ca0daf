import { refused } from '#contract'
import { csvRows } from './csv.ts'
import { Unreadable, xlsxRows } from './xlsx.ts'

/** A row with its number in the sheet, beginning with 1; empty cells are ''. Rows without any content are left out. */
export interface SheetRow { n: number; cells: string[] }
export type SheetFormat = 'xlsx' | 'csv'

const REASONS = {
  old: { zh: '这是旧格式（.xls 或 .et）或带打开密码的文件', en: 'it is an old .xls file, or one with a password' },
  macros: { zh: '文件带有宏', en: 'it carries macros' },
  damaged: { zh: '文件已损坏或不完整', en: 'it is damaged or incomplete' },
  huge: { zh: '解开后的内容过大', en: 'it unpacks to far too much' },
  not_a_sheet: { zh: '它不是 Excel 表格，也不是 CSV', en: 'it is neither a spreadsheet nor CSV' },
} as const

/** What this is, by its content; the name only says how it is called. Refused SHEET_UNREADABLE. */
export function formatOf(file: Buffer, name: string): SheetFormat {
  if (file.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return 'xlsx'
  if (file.subarray(0, 4).equals(Buffer.from('\xD0\xCF\x11\xE0', 'latin1'))) return unreadable('old', name)
  if (!isText(file.subarray(0, 4_096))) return unreadable('not_a_sheet', name)
  return 'csv'
}

/** The rows of a file, some at a time; memory holds the file and these. Refused SHEET_UNREADABLE. */
export async function* readSheet(file: Buffer, name: string): AsyncGenerator<SheetRow[]> {
  if (formatOf(file, name) === 'csv') return yield* csvRows(file)
  try {
    yield* xlsxRows(file)
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(error.why, name)
    throw error
  }
}

const unreadable = (why: keyof typeof REASONS, name: string): never => refused('SHEET_UNREADABLE', undefined, { name, reason: REASONS[why].zh, reasonEn: REASONS[why].en })

const isText = (head: Buffer): boolean => (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)
