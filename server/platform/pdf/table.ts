import { setImmediate } from 'node:timers/promises'
import type { PaperPart } from '#language/definitions'
import { BOLD, keepTogether, MARGIN, plain, TEXT, widthOf, type Doc } from './draw.ts'

type Table = Extract<PaperPart, { kind: 'table' }>
const PAD = 4
/** Many columns are written smaller. */
const sizeFor = (columns: number): number => (columns > 8 ? 7.5 : 9)
/** So many rows are drawn without a breath for others. */
const IN_ONE_GO = 20
/** A cell that would fill a page is cut, with a sign that it was. */
const TALLEST = 300

/** Head, rows, sums; whenever a page is full the head stands again on the next. */
export async function drawTable(doc: Doc, table: Table, lang: 'zh' | 'en'): Promise<void> {
  const widths = widthsOf(doc, table)
  const head = () => drawRow(doc, table, { cells: table.columns.map(({ label }) => label), widths, look: 'head' })
  if (table.title) { keepTogether(doc, 70); doc.font(BOLD).fontSize(11.5).text(table.title, MARGIN, doc.y + 4, { width: widthOf(doc) }); doc.y += 4 }
  keepTogether(doc, 50)
  head()
  for (const [i, cells] of table.rows.entries()) {
    if (i % IN_ONE_GO === IN_ONE_GO - 1) await setImmediate()
    if (keepTogether(doc, heightOf(doc, cells, widths))) head()
    drawRow(doc, table, { cells, widths, look: 'row' })
  }
  if (table.rows.length === 0) drawRow(doc, table, { cells: table.columns.map((_, i) => (i === 1 ? (lang === 'zh' ? '（无）' : '(none)') : '')), widths, look: 'row' })
  if (table.sums) { if (keepTogether(doc, 24)) head(); drawRow(doc, table, { cells: table.sums, widths, look: 'sum' }) }
  if (table.cut) { plain(doc).fontSize(8.5).text(lang === 'zh' ? `只打印前 ${table.rows.length} 行` : `Only the first ${table.rows.length} rows`, MARGIN, doc.y + 4) }
  plain(doc)
  doc.x = MARGIN
  doc.y += 10
}

function widthsOf(doc: Doc, { columns }: Table): number[] {
  const all = columns.reduce((sum, { wide }) => sum + wide, 0)
  return columns.map(({ wide }) => (wide / all) * widthOf(doc))
}

interface Row { cells: readonly string[]; widths: readonly number[]; look: 'head' | 'row' | 'sum' }

function heightOf(doc: Doc, cells: readonly string[], widths: readonly number[]): number {
  doc.font(TEXT).fontSize(sizeFor(cells.length))
  return Math.min(TALLEST, Math.max(...cells.map((cell, i) => doc.heightOfString(cell || ' ', { width: widths[i]! - 2 * PAD })))) + 2 * PAD
}

function drawRow(doc: Doc, { columns }: Table, { cells, widths, look }: Row): void {
  const [height, top] = [heightOf(doc, cells, widths), doc.y]
  if (look === 'head') doc.save().rect(MARGIN, top, widthOf(doc), height).fill('#eef1f5').restore()
  plain(doc).font(look === 'row' ? TEXT : BOLD).fontSize(sizeFor(columns.length))
  let left = MARGIN
  cells.forEach((cell, i) => {
    if (cell) doc.text(cell, left + PAD, top + PAD, { width: widths[i]! - 2 * PAD, height: height - PAD, ellipsis: true, align: columns[i]!.right ? 'right' : 'left' })
    left += widths[i]!
  })
  doc.moveTo(MARGIN, top + height).lineTo(MARGIN + widthOf(doc), top + height).stroke()
  doc.x = MARGIN
  doc.y = top + height
}
