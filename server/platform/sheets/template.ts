import { strToU8, zipSync } from 'fflate'
import { columnName, csvOf, escaped, MAIN, PACKAGE, RELS, XML } from './write.ts'

/** `options`: what may be chosen; `example`: what stands in the first row below the heads. `text`: never taken for a number (phones, codes). */
export interface TemplateColumn { head: string; required: boolean; text: boolean; options: readonly string[]; example: string }
/** `hints`: a sheet of its own; its first row is its head. */
export interface Template { name: string; columns: readonly TemplateColumn[]; hints: { name: string; rows: readonly (readonly string[])[] }; optionsName: string }

/** An empty table to be filled in, as CSV: heads and the example. */
export const templateCsv = ({ columns }: Template): AsyncGenerator<Buffer> => csvOf(once([columns.map(({ head }) => head), columns.map(({ example }) => example)]))
async function* once<T>(rows: T): AsyncGenerator<T> { yield await Promise.resolve(rows) }

/** The same as a workbook: choices as lists, a sheet of hints, the lists on a sheet that is hidden. */
export function templateXlsx(template: Template): Buffer {
  const parts = { ...FRAME, 'xl/workbook.xml': workbook(template), 'xl/worksheets/sheet1.xml': sheet(template), 'xl/worksheets/sheet2.xml': hints(template), 'xl/worksheets/sheet3.xml': lists(template) }
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)]))))
}

const SHEETS = [1, 2, 3]
/** 0 plain, 1 head, 2 head of what must be filled in, 3 text, 4 example, 5 wrapped. */
const FRAME: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${SHEETS.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships">${SHEETS.map((n) => `<Relationship Id="rId${n}" Type="${RELS}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rId4" Type="${RELS}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}"><fonts count="4"><font><sz val="11"/><name val="Microsoft YaHei"/></font><font><b/><sz val="11"/><name val="Microsoft YaHei"/></font><font><b/><sz val="11"/><color rgb="FFC0261C"/><name val="Microsoft YaHei"/></font><font><i/><sz val="11"/><color rgb="FF7A7A7A"/><name val="Microsoft YaHei"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/><xf fontId="1" applyFont="1"/><xf fontId="2" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="3" applyFont="1" applyNumberFormat="1"/><xf applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf></cellXfs></styleSheet>`,
}

const title = (name: string): string => escaped(name.replace(/[\\/?*[\]:']/g, ' ').slice(0, 31))

const workbook = ({ name, hints: { name: hint }, optionsName }: Template): string =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><sheets><sheet name="${title(name)}" sheetId="1" r:id="rId1"/><sheet name="${title(hint)}" sheetId="2" r:id="rId2"/><sheet name="${title(optionsName)}" sheetId="3" state="hidden" r:id="rId3"/></sheets></workbook>`

const cell = (place: string, text: string, style: number): string => (text === '' ? '' : `<c r="${place}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`)
const worksheet = (content: string): string => `${XML}<worksheet xmlns="${MAIN}">${content}</worksheet>`
const FROZEN = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'

/** As many rows as one import takes may be filled in by choosing. */
const CHOSEN_ROWS = 50_001

function sheet(template: Template): string {
  const { columns } = template
  const cols = columns.map(({ head, text, example }, i) => `<col min="${i + 1}" max="${i + 1}" width="${Math.min(40, Math.max(12, wide(head) + 4, wide(example) + 4))}" customWidth="1"${text ? ' style="3"' : ''}/>`).join('')
  const heads = columns.map(({ head, required }, i) => cell(`${columnName(i)}1`, head, required ? 2 : 1)).join('')
  const example = columns.map((column, i) => cell(`${columnName(i)}2`, column.example, 4)).join('')
  return worksheet(`${FROZEN}<cols>${cols}</cols><sheetData><row r="1">${heads}</row><row r="2">${example}</row></sheetData>${validations(template)}`)
}

/** 中文 takes twice the room. */
const wide = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0)

/** A list to choose from; what is not in it is warned of, not refused: the import itself says more about it. */
function validations({ columns, optionsName }: Template): string {
  const listed = columns.flatMap(({ options }, i) => (options.length > 0 ? [{ i, count: options.length }] : []))
  if (listed.length === 0) return ''
  const each = listed.map(({ i, count }, list) => `<dataValidation type="list" errorStyle="warning" allowBlank="1" showErrorMessage="1" sqref="${columnName(i)}2:${columnName(i)}${CHOSEN_ROWS}"><formula1>'${title(optionsName)}'!$${columnName(list)}$1:$${columnName(list)}$${count}</formula1></dataValidation>`)
  return `<dataValidations count="${listed.length}">${each.join('')}</dataValidations>`
}

function hints({ hints: { rows } }: Template): string {
  const widths = [22, 10, 18, 60].map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')
  return worksheet(`${FROZEN}<cols>${widths}</cols><sheetData>${rows.map((row, at) => `<row r="${at + 1}">${row.map((text, i) => cell(`${columnName(i)}${at + 1}`, text, at === 0 ? 1 : 5)).join('')}</row>`).join('')}</sheetData>`)
}

function lists({ columns }: Template): string {
  const listed = columns.map(({ options }) => options).filter((options) => options.length > 0)
  const rows = Array.from({ length: Math.max(0, ...listed.map(({ length }) => length)) }, (_, at) => `<row r="${at + 1}">${listed.map((options, i) => cell(`${columnName(i)}${at + 1}`, options[at] ?? '', 0)).join('')}</row>`)
  return worksheet(`<sheetData>${rows.join('')}</sheetData>`)
}
