import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import PDFDocument from 'pdfkit'
import type { Paper, PaperPart } from '#language/definitions'
import { drawTable } from './table.ts'

export type Doc = PDFKit.PDFDocument

export const [TEXT, BOLD] = ['text', 'bold'] as const
export const MARGIN = 50
const [INK, QUIET, LINE] = ['#1d2129', '#5c6470', '#d4d8de']

/** Noto Sans SC, whole; a document carries only the signs that it uses. */
const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts')
let loaded: { text: Buffer; bold: Buffer } | undefined
const fontFiles = () => (loaded ??= { text: readFileSync(path.join(fonts, 'NotoSansHans-Regular.otf')), bold: readFileSync(path.join(fonts, 'NotoSansHans-Bold.otf')) })

/** A paper as PDF, A4: text that can be selected, heads of tables repeated on every page, page numbers at the foot; `wide` lays it across. About 0.3 s of work for ten pages, with breath for others between. */
export async function drawPdf(paper: Paper, { lang = 'zh', at = new Date(), mark, wide = false }: { lang?: 'zh' | 'en'; at?: Date; mark?: string; wide?: boolean } = {}): Promise<Buffer> {
  const files = fontFiles()
  const doc = new PDFDocument({ size: 'A4', layout: wide ? 'landscape' : 'portrait', margin: MARGIN, bufferPages: true, font: null as unknown as string, lang: lang === 'zh' ? 'zh-CN' : 'en', info: { Title: paper.title, Producer: 'Nextmove', Creator: 'Nextmove', CreationDate: at } })
  doc.registerFont(TEXT, files.text).registerFont(BOLD, files.bold)
  const done = collected(doc)
  plain(doc)
  for (const part of paper.parts) { plain(doc); await drawPart(doc, part, lang) }
  numberPages(doc, paper.footer, lang)
  if (mark) await markPages(doc, mark)
  doc.end()
  return done
}

function collected(doc: Doc): Promise<Buffer> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks))).on('error', reject)
  })
}

export const plain = (doc: Doc): Doc => doc.font(TEXT).fontSize(10).fillColor(INK).strokeColor(LINE).lineWidth(0.6)
export const widthOf = (doc: Doc): number => doc.page.width - 2 * MARGIN
const bottomOf = (doc: Doc): number => doc.page.height - MARGIN - 14

/** The next so many points stand on one page. */
export function keepTogether(doc: Doc, height: number): boolean {
  if (doc.y + height <= bottomOf(doc)) return false
  doc.addPage()
  plain(doc)
  return true
}

function drawPart(doc: Doc, part: PaperPart, lang: 'zh' | 'en'): void | Promise<void> {
  switch (part.kind) {
    case 'company': return drawCompany(doc, part)
    case 'heading': return drawHeading(doc, part)
    case 'text': return drawText(doc, part.text)
    case 'fields': return drawFields(doc, part)
    case 'table': return drawTable(doc, part, lang)
    case 'totals': return drawTotals(doc, part)
    case 'signature': return drawSignature(doc, part, lang)
  }
}

type Part<K extends PaperPart['kind']> = Extract<PaperPart, { kind: K }>

function drawCompany(doc: Doc, { name, lines, logo }: Part<'company'>): void {
  const top = doc.y
  const picture = logo ? pictureIn(doc, logo) : null
  const left = MARGIN + (picture ? 132 : 0)
  if (picture) doc.image(picture as never, MARGIN, top, { fit: [120, 48] })
  doc.font(BOLD).fontSize(14).text(name, left, top, { width: widthOf(doc) - (left - MARGIN) })
  doc.font(TEXT).fontSize(8.5).fillColor(QUIET)
  for (const line of lines) doc.text(line, left, doc.y + 2, { width: widthOf(doc) - (left - MARGIN) })
  doc.y = Math.max(doc.y, top + (picture ? 48 : 0)) + 6
  doc.moveTo(MARGIN, doc.y).lineTo(MARGIN + widthOf(doc), doc.y).stroke()
  doc.x = MARGIN
  doc.y += 12
}

type Picture = object
/** A picture that cannot be read is left out; the paper is worth more than its logo. */
function pictureIn(doc: Doc, logo: string): Picture | null {
  try {
    return (doc as unknown as { openImage(source: Buffer): Picture }).openImage(Buffer.from(logo.slice(logo.indexOf(',') + 1), 'base64'))
  } catch {
    return null
  }
}

function drawHeading(doc: Doc, { text, level }: Part<'heading'>): void {
  keepTogether(doc, 60)
  doc.font(BOLD).fontSize(level === 1 ? 18 : 11.5).text(text, MARGIN, doc.y + (level === 1 ? 0 : 4), { width: widthOf(doc), align: level === 1 ? 'center' : 'left' })
  doc.y += level === 1 ? 10 : 4
}

function drawText(doc: Doc, text: string): void {
  doc.text(text, MARGIN, doc.y, { width: widthOf(doc), lineGap: 4, paragraphGap: 2 })
  doc.y += 8
}

function drawFields(doc: Doc, { columns, rows }: Part<'fields'>): void {
  const width = widthOf(doc) / columns
  const labelWidth = columns === 1 ? 110 : 80
  for (let i = 0; i < rows.length; i += columns) {
    const row = rows.slice(i, i + columns)
    const height = Math.max(...row.flatMap(({ label, value }) => [doc.heightOfString(label, { width: labelWidth - 8 }), doc.heightOfString(value || ' ', { width: width - labelWidth - 12 })])) + 6
    keepTogether(doc, height)
    const top = doc.y
    row.forEach(({ label, value }, at) => {
      const left = MARGIN + at * width
      doc.fillColor(QUIET).text(label, left, top, { width: labelWidth - 8 })
      if (value) doc.fillColor(INK).text(value, left + labelWidth, top, { width: width - labelWidth - 12 })
    })
    doc.y = top + height
  }
  doc.x = MARGIN
  doc.y += 6
}

function drawTotals(doc: Doc, { lines }: Part<'totals'>): void {
  for (const { label, value, words } of lines) {
    keepTogether(doc, words ? 38 : 20)
    const top = doc.y
    doc.font(TEXT).fillColor(QUIET).text(label, MARGIN, top, { width: widthOf(doc) - 150, align: 'right' })
    doc.font(BOLD).fillColor(INK).text(value, MARGIN + widthOf(doc) - 140, top, { width: 140, align: 'right' })
    if (words) doc.font(TEXT).text(words, MARGIN, doc.y + 3, { width: widthOf(doc), align: 'right' })
    doc.y += 5
  }
  doc.x = MARGIN
  doc.y += 6
}

const SIGN = { zh: ['（签字/盖章）', '日期：        年     月     日'], en: ['Signature / seal', 'Date:'] } as const

function drawSignature(doc: Doc, { parties }: Part<'signature'>, lang: 'zh' | 'en'): void {
  keepTogether(doc, 110)
  const [top, width] = [doc.y + 12, widthOf(doc) / parties.length]
  parties.forEach((party, i) => {
    const left = MARGIN + i * width
    doc.font(BOLD).fillColor(INK).text(party, left, top, { width: width - 16 })
    doc.font(TEXT).fillColor(QUIET).text(SIGN[lang][0], left, top + 18, { width: width - 16 })
    doc.moveTo(left, top + 68).lineTo(left + width - 24, top + 68).stroke()
    doc.text(SIGN[lang][1], left, top + 74, { width: width - 16 })
  })
  doc.x = MARGIN
  doc.y = top + 100
}

function numberPages(doc: Doc, footer: string, lang: 'zh' | 'en'): void {
  const { start, count } = doc.bufferedPageRange()
  for (let i = 0; i < count; i++) {
    doc.switchToPage(start + i)
    // Below the margin, where text would otherwise begin another page.
    doc.page.margins.bottom = 0
    const y = doc.page.height - MARGIN + 10
    doc.font(TEXT).fontSize(8).fillColor(QUIET)
    if (footer) doc.text(footer, MARGIN, y, { width: widthOf(doc) - 110, height: 10, ellipsis: true, lineBreak: false })
    doc.text(lang === 'zh' ? `第 ${i + 1} 页 / 共 ${count} 页` : `Page ${i + 1} of ${count}`, MARGIN, y, { width: widthOf(doc), align: 'right', lineBreak: false })
  }
}

/** Who took it along, when and from where, across every page, under what one reads. */
async function markPages(doc: Doc, mark: string): Promise<void> {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    if (page % 10 === 9) await setImmediate()
    doc.switchToPage(page)
    const { width, height } = doc.page
    doc.save().font(TEXT).fontSize(13).fillColor(INK).fillOpacity(0.07).rotate(-30, { origin: [width / 2, height / 2] })
    for (let y = -height / 4; y < height * 1.25; y += 130) for (let x = -width / 2; x < width * 1.5; x += 330) doc.text(mark, x + ((y / 130) % 2) * 120, y, { lineBreak: false })
    doc.restore().fillOpacity(1)
  }
}
