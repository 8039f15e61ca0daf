import type { SheetRow } from './read.ts'

/** A table of text, some rows at a time. UTF-8 and UTF-16 by their marks; else UTF-8 where it is valid, and GB 18030 (GBK) where it is not. */
export function* csvRows(file: Buffer): Generator<SheetRow[]> {
  const text = decoded(file).replace(/^\uFEFF/, '')
  const told = /^sep=(.)\r?\n/i.exec(text)
  const body = told ? text.slice(told[0].length) : text
  yield* rowsOf(body, told?.[1] ?? separatorOf(body), told ? 2 : 1)
}

function decoded(file: Buffer): string {
  if (file[0] === 0xff && file[1] === 0xfe) return new TextDecoder('utf-16le').decode(file)
  if (file[0] === 0xfe && file[1] === 0xff) return new TextDecoder('utf-16be').decode(file)
  try { return new TextDecoder('utf-8', { fatal: true }).decode(file) } catch { return new TextDecoder('gb18030').decode(file) }
}

/** What stands most often in the first lines. */
function separatorOf(text: string): string {
  const sample = text.slice(0, 4_000).replace(/"[^"]*"/g, '')
  const times = (sign: string) => sample.split(sign).length
  return [',', '\t', ';', '，'].reduce((best, sign) => (times(sign) > times(best) ? sign : best))
}

const TOGETHER = 500
const MOST_COLUMNS = 400

function* rowsOf(text: string, separator: string, first: number): Generator<SheetRow[]> {
  let rows: SheetRow[] = []
  let cells: string[] = []
  for (let at = 0, n = first; at <= text.length;) {
    const cell = cellAt(text, at, separator)
    if (cells.length < MOST_COLUMNS) cells.push(cell.text)
    at = cell.end
    if (text[at] === separator) { at += 1; continue }
    if (cells.some((each) => each !== '')) rows.push({ n, cells })
    cells = []
    n += 1
    if (rows.length >= TOGETHER) { yield rows; rows = [] }
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
  if (rows.length > 0) yield rows
}

/** One cell and where it ends: at a separator, at the end of a line, at the end of the text. */
function cellAt(text: string, at: number, separator: string): { text: string; end: number } {
  if (text[at] !== '"') { const end = plainEnd(text, at, separator); return { text: shielded(text.slice(at, end)), end } }
  let quoted = ''
  let from = at + 1
  for (;;) {
    const close = text.indexOf('"', from)
    if (close < 0) return { text: quoted + text.slice(from), end: text.length }
    quoted += text.slice(from, close)
    if (text[close + 1] !== '"') { const end = plainEnd(text, close + 1, separator); return { text: shielded(quoted + text.slice(close + 1, end).trimEnd()), end } }
    quoted += '"'
    from = close + 2
  }
}

function plainEnd(text: string, at: number, separator: string): number {
  let end = at
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1
  return end
}

/** What keeps a spreadsheet from working a text out (`'=1+1`) is not part of it. */
const shielded = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
