import { StringDecoder } from 'node:string_decoder'
import type { SheetRow } from './read.ts'
import { lookOf, momentOf, type NumberLook, percentOf, plainNumber } from './serial.ts'
import { entriesOf, TooMuch, unpacked, type ZipEntry } from './unzip.ts'
import { XmlReader, type XmlEvents } from './xml.ts'

const MB = 1_048_576
/** Small parts; all words of a workbook; one sheet. Real workbooks stay far below. */
const MOST = { part: 8 * MB, words: 64 * MB, sheet: 600 * MB }

/** Why a workbook is not read. */
export class Unreadable extends Error {
  readonly why: 'macros' | 'damaged' | 'huge' | 'not_a_sheet'
  constructor(why: Unreadable['why']) { super(why); this.why = why }
}

/** The rows of the first sheet that is not hidden, some at a time: texts as a person reads them. Formulas give what they last gave. */
export async function* xlsxRows(file: Buffer): AsyncGenerator<SheetRow[]> {
  try {
    const zip = openZip(file)
    const book = await bookOf(zip)
    yield* sheetRows(zip, book)
  } catch (error) {
    if (error instanceof Unreadable) throw error
    throw new Unreadable(error instanceof TooMuch ? 'huge' : 'damaged')
  }
}

interface Zip { file: Buffer; entries: ReadonlyMap<string, ZipEntry> }

function openZip(file: Buffer): Zip {
  const entries = entriesOf(file)
  if ([...entries.keys()].some((name) => name.endsWith('vbaproject.bin') || name.includes('/macrosheets/'))) throw new Unreadable('macros')
  if (!entries.has('xl/workbook.xml')) throw new Unreadable('not_a_sheet')
  return { file, entries }
}

interface Book { sheet: ZipEntry; words: readonly string[]; looks: readonly NumberLook[]; from1904: boolean }

async function bookOf(zip: Zip): Promise<Book> {
  const { target, from1904 } = await sheetOf(zip)
  const sheet = zip.entries.get(target)
  if (!sheet) throw new Unreadable('not_a_sheet')
  return { sheet, from1904, words: await wordsOf(zip), looks: await looksOf(zip) }
}

async function sheetOf(zip: Zip): Promise<{ target: string; from1904: boolean }> {
  const [sheets, targets]: [{ id: string; hidden: boolean }[], Map<string, string>] = [[], new Map()]
  let from1904 = false
  await heard(zip, 'xl/workbook.xml', { open: (name, of) => {
    if (name === 'sheet') sheets.push({ id: of('id') ?? '', hidden: (of('state') ?? 'visible') !== 'visible' })
    if (name === 'workbookPr') from1904 = ['1', 'true'].includes(of('date1904') ?? '')
  } })
  await heard(zip, 'xl/_rels/workbook.xml.rels', { open: (name, of) => { if (name === 'Relationship') targets.set(of('Id') ?? '', of('Target') ?? '') } })
  const found = targets.get((sheets.find(({ hidden }) => !hidden) ?? sheets[0])?.id ?? '') ?? ''
  return { target: (found.startsWith('/') ? found.slice(1) : `xl/${found}`).toLowerCase(), from1904 }
}

async function wordsOf(zip: Zip): Promise<string[]> {
  const words: string[] = []
  let [word, taking, phonetic] = ['', false, false]
  await heard(zip, 'xl/sharedStrings.xml', {
    open: (name) => { if (name === 'si') word = ''; taking = name === 't'; phonetic ||= name === 'rPh' },
    text: (text) => { if (taking && !phonetic) word += text },
    close: (name) => { if (name === 't') taking = false; if (name === 'rPh') phonetic = false; if (name === 'si') words.push(word) },
  }, MOST.words)
  return words
}

/** How numbers look, by the place of a cell's style. */
async function looksOf(zip: Zip): Promise<NumberLook[]> {
  const [codes, looks]: [Map<number, string>, NumberLook[]] = [new Map(), []]
  let inCells = false
  await heard(zip, 'xl/styles.xml', {
    open: (name, of) => {
      if (name === 'numFmt') codes.set(Number(of('numFmtId')), of('formatCode') ?? '')
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells) { const id = Number(of('numFmtId') ?? 0); looks.push(lookOf(id, codes.get(id))) }
    },
    close: (name) => { if (name === 'cellXfs') inCells = false },
  })
  return looks
}

/** A part that is not there says nothing. */
async function heard({ file, entries }: Zip, name: string, events: Partial<XmlEvents>, most: number = MOST.part): Promise<void> {
  const entry = entries.get(name.toLowerCase())
  if (!entry) return
  const reader = new XmlReader({ open: () => {}, close: () => {}, text: () => {}, ...events })
  for await (const text of texts(unpacked(file, entry, most))) reader.push(text)
  reader.end()
}

async function* texts(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  for await (const piece of pieces) yield decoder.write(piece)
  yield decoder.end()
}

async function* sheetRows({ file }: Zip, book: Book): AsyncGenerator<SheetRow[]> {
  const [ready, taker]: [SheetRow[], RowTaker] = [[], new RowTaker(book)]
  const reader = new XmlReader(taker.events(ready))
  for await (const text of texts(unpacked(file, book.sheet, MOST.sheet))) {
    reader.push(text)
    if (ready.length > 0) yield ready.splice(0)
  }
  reader.end()
  if (ready.length > 0) yield ready
}

const MOST_COLUMNS = 400

class RowTaker {
  readonly #book: Book
  #row: SheetRow = { n: 0, cells: [] }
  #cell = { column: 0, type: '', style: 0, text: '' }
  #taking = false
  #phonetic = false

  constructor(book: Book) { this.#book = book }

  events(ready: SheetRow[]): XmlEvents {
    return {
      open: (name, of) => {
        if (name === 'row') this.#row = { n: Number(of('r') ?? this.#row.n + 1), cells: [] }
        else if (name === 'c') this.#cell = { column: columnAt(of('r')) ?? this.#row.cells.length, type: of('t') ?? 'n', style: Number(of('s') ?? 0), text: '' }
        else if (name === 'rPh') this.#phonetic = true
        this.#taking = !this.#phonetic && (name === 'v' || name === 't')
      },
      text: (text) => { if (this.#taking) this.#cell.text += text },
      close: (name) => {
        this.#taking = false
        if (name === 'rPh') this.#phonetic = false
        if (name === 'c') this.#keep()
        if (name === 'row' && this.#row.cells.some((cell) => cell !== '')) ready.push(this.#row)
      },
    }
  }

  #keep(): void {
    const { column } = this.#cell
    const text = this.#said()
    if (text === '' || column >= MOST_COLUMNS) return
    while (this.#row.cells.length <= column) this.#row.cells.push('')
    this.#row.cells[column] = text
  }

  #said(): string {
    const { type, style, text } = this.#cell
    if (text === '') return ''
    if (type === 's') return this.#book.words[Number(text)] ?? ''
    if (type === 'b') return text === '1' ? '是' : '否'
    if (type === 'd') return text.replace('T', ' ').replace(/\.\d+$/, '')
    if (type !== 'n') return text
    const look = this.#book.looks[style] ?? 'plain'
    return (look === 'moment' && momentOf(Number(text), this.#book.from1904)) || (look === 'percent' ? percentOf(text) : plainNumber(text))
  }
}

/** `B7` → 1. */
function columnAt(place: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(place ?? '')?.[0]
  return letters === undefined ? undefined : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
