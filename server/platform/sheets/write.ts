import { strToU8, Zip, ZipDeflate } from 'fflate'

/** Text, an exact number as text in `number`, or nothing. */
export type Cell = string | { number: string } | null
/** `mark`: who made it, on every printed page and in the file's properties. */
export interface SheetHead { name: string; widths?: readonly number[]; mark?: string }

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/
/** Would a spreadsheet take this text for something to be worked out? */
const isFormula = (text: string): boolean => FORMULA.test(text) && !PLAIN_NUMBER.test(text)

/** UTF-8 with a byte order mark, so that Excel reads 中文; what looks like a formula begins with an apostrophe. Made as it is read. */
export async function* csvOf(rows: AsyncIterable<readonly (readonly Cell[])[]>): AsyncGenerator<Buffer> {
  yield Buffer.from('\uFEFF')
  for await (const some of rows) yield Buffer.from(some.map((row) => `${row.map(csvCell).join(',')}\r\n`).join(''))
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return cell.number
  const text = isFormula(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A workbook of one sheet, its first row bold and kept in sight; cells of text are text, whatever they begin with. Made as it is read. */
export async function* xlsxOf(head: SheetHead, rows: AsyncIterable<readonly (readonly Cell[])[]>): AsyncGenerator<Buffer> {
  const ready: Buffer[] = []
  const zip = new Zip((error, chunk) => { if (error) throw error; ready.push(Buffer.from(chunk)) })
  for (const [name, xml] of Object.entries(partsOf(head))) { const part = new ZipDeflate(name, { level: 6 }); zip.add(part); part.push(strToU8(xml), true) }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 4 })
  zip.add(sheet)
  sheet.push(strToU8(sheetBegin(head)))
  let at = 0
  for await (const some of rows) {
    sheet.push(strToU8(some.map((row) => rowXml(row, ++at)).join('')))
    yield* ready.splice(0)
  }
  sheet.push(strToU8(`</sheetData>${head.mark ? `<headerFooter><oddHeader>&amp;R${escaped(head.mark.replaceAll('&', '&&'))}</oddHeader><oddFooter>&amp;R${escaped(head.mark.replaceAll('&', '&&'))}</oddFooter></headerFooter>` : ''}</worksheet>`), true)
  zip.end()
  yield* ready.splice(0)
}

export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
export const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
export const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

const partsOf = ({ name }: SheetHead): Record<string, string> => ({
  '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><sheets><sheet name="${escaped(name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELS}/styles" Target="styles.xml"/></Relationships>`,
  // 0 plain, 1 bold, 2 text that a spreadsheet must not work out.
  'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Microsoft YaHei"/></font><font><b/><sz val="11"/><name val="Microsoft YaHei"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="49" quotePrefix="1"/></cellXfs></styleSheet>`, // kernel-words: ok an attribute of OOXML
})

const sheetBegin = ({ widths = [] }: SheetHead): string =>
  `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${widths.length > 0 ? `<cols>${widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')}</cols>` : ''}<sheetData>`

const rowXml = (row: readonly Cell[], at: number): string => `<row r="${at}">${row.map((cell, i) => cellXml(cell, `${columnName(i)}${at}`, at === 1)).join('')}</row>`

function cellXml(cell: Cell, place: string, head: boolean): string {
  if (cell === null || cell === '') return ''
  if (typeof cell !== 'string') return `<c r="${place}"><v>${cell.number}</v></c>`
  return `<c r="${place}" t="inlineStr"${head ? ' s="1"' : isFormula(cell) ? ' s="2"' : ''}><is><t xml:space="preserve">${escaped(cell.slice(0, 32_767))}</t></is></c>`
}

/** A, B … Z, AA … */
export const columnName = (index: number): string => (index < 26 ? String.fromCharCode(65 + index) : columnName(Math.floor(index / 26) - 1) + String.fromCharCode(65 + (index % 26)))

/** What XML cannot hold at all is left out. */
// eslint-disable-next-line no-control-regex
export const escaped = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
