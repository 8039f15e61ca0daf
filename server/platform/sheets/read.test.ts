import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { Refused } from '#contract'
import { type Cell, readSheet, templateCsv, templateXlsx, type SheetRow, type Template, xlsxOf } from './index.ts'

const rowsIn = async (file: Buffer | string, name = '名单.xlsx') => { const found: SheetRow[] = []; for await (const some of readSheet(Buffer.from(file as string), name)) found.push(...some); return found }
const cellsIn = async (file: Buffer | string) => (await rowsIn(file)).map(({ cells }) => cells)
const reasonOf = (file: Buffer, name = '名单.xlsx') => rowsIn(file, name).then(() => null, (error: unknown) => (error as Refused).refusal)
const all = async (chunks: AsyncIterable<Buffer>) => { const found: Buffer[] = []; for await (const chunk of chunks) found.push(chunk); return Buffer.concat(found) }
async function* rowsOf(...some: Cell[][]) { yield await Promise.resolve(some) }

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const zipped = (parts: Record<string, string>) => Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])), { level: 6 }))
const book = (sheet: string, more: Record<string, string> = {}) => zipped({
  'xl/workbook.xml': `<workbook ${NS}><sheets><sheet name="隐" sheetId="1" state="hidden" r:id="r1"/><sheet name="名单" sheetId="2" r:id="r2"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
  'xl/styles.xml': `<styleSheet ${NS}><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="[$-804]0.0&quot;天&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="10"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`,
  'xl/sharedStrings.xml': `<sst ${NS}><si><t>苏州&amp;精工</t></si><si><r><t>分</t></r><r><t xml:space="preserve">段 </t></r><rPh><t>fen</t></rPh></si></sst>`,
  'xl/worksheets/sheet2.xml': sheet, ...more,
})
const data = (rows: string) => `<?xml version="1.0"?><x:worksheet ${NS} xmlns:x="x"><x:sheetData>${rows.replace(/<(\/?)(row|c|v|f|is|t)\b/g, '<$1x:$2')}</x:sheetData></x:worksheet>`

describe('reading', () => {
  it.each([
    ['<c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c>', ['苏州&精工', '', '分段 ']],
    ['<c r="A1" s="1"><v>45983</v></c><c r="B1" s="2"><v>45983.5868055556</v></c><c r="C1" s="4"><v>1</v></c>', ['2025-11-22', '2025-11-22 14:05:00', '1900-01-01']],
    ['<c r="A1"><v>13800138000</v></c><c r="B1"><v>1.3800138E+10</v></c><c r="C1"><v>0.30000000000000004</v></c><c r="D1"><v>91310000123457000</v></c>', ['13800138000', '13800138000', '0.3', '91310000123457000']],
    ['<c r="A1" s="3"><v>0.155</v></c><c r="B1" s="5"><v>3</v></c><c r="C1" t="b"><v>1</v></c>', ['15.5%', '3', '是']],
    ['<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>2x</v></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ['2', '2x', '#DIV/0!']],
    ['<c t="inlineStr"><is><t>内 &#x4E2D;<!-- 隐 --></t></is></c><c t="inlineStr"><is><t><![CDATA[<b>]]></t></is></c>', ['内 中', '<b>']],
  ])('Q4 %s', async (cells, expected) => expect(await cellsIn(book(data(`<row r="1">${cells}</row>`)))).toEqual([expected]))

  it('Q4 rows keep the numbers of the sheet, empty ones are left out, the hidden sheet is not read', async () => {
    const rows = await rowsIn(book(data('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"/></row><row r="7"><c r="B7"><v>7</v></c></row>')))
    expect(rows).toEqual([{ n: 1, cells: ['1'] }, { n: 7, cells: ['', '7'] }])
  })

  it('Q4 what this room writes it reads', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i): Cell[] => [`第${i}行 <&"`, { number: '1234567.80' }, null, '=1+1'])
    const back = await cellsIn(await all(xlsxOf({ name: '名单' }, rowsOf(...rows))))
    expect(back).toHaveLength(3_000)
    expect(back[2_999]).toEqual(['第2999行 <&"', '1234567.8', '', '=1+1'])
  })

  it.each([
    ['姓名,电话\r\n"王,五","1""2"\r\n', [['姓名', '电话'], ['王,五', '1"2']]],
    ['\uFEFF姓名;电话\n"两\n行";1', [['姓名', '电话'], ['两\n行', '1']]],
    ['姓名\t电话\n\n王五\t1', [['姓名', '电话'], ['王五', '1']]],
    ['sep=|\n姓名|电话\n王|1', [['姓名', '电话'], ['王', '1']]],
    ["姓名,式\n王,'=1+1", [['姓名', '式'], ['王', '=1+1']]],
    [Buffer.from('d0d5c3fb2cb5e7bbb00d0acdf5ce e52c31'.replaceAll(' ', ''), 'hex'), [['姓名', '电话'], ['王五', '1']]],
    [Buffer.from('\uFEFF姓名\t电话\n王五\t1', 'utf16le'), [['姓名', '电话'], ['王五', '1']]],
  ])('Q5 %j', async (file, expected) => expect(await cellsIn(file)).toEqual(expected))

  const fine = data('<row r="1"><c r="A1"><v>1</v></c></row>')
  it.each<[string, () => Buffer, string]>([
    ['macros', () => book(fine, { 'xl/vbaProject.bin': 'x' }), '宏'],
    ['an old workbook, or one with a password', () => Buffer.from('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1', 'latin1'), '旧格式'],
    ['a picture', () => Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\0', 'latin1'), '不是 Excel'],
    ['another zip', () => zipped({ 'word/document.xml': '<a/>' }), '不是 Excel'],
    ['half a file', () => book(fine).subarray(0, 400), '损坏'],
    ['a document type', () => book(`<!DOCTYPE x [<!ENTITY a "b">]>${fine}`), '损坏'],
    ['broken XML', () => book('<worksheet><sheetData><row r="1"><c r="A1"'), '损坏'],
    ['a bomb', () => book(fine, { 'xl/sharedStrings.xml': '<si><t>'.padEnd(70_000_000, 'a') }), '过大'],
  ])('Q6 %s', async (_, file, words) => expect(await reasonOf(file())).toMatchObject({ code: 'SHEET_UNREADABLE', params: { name: '名单.xlsx', reason: expect.stringContaining(words) } }))

  it('Q6 a row that never comes to an end is not waited for', async () => {
    expect(await reasonOf(book(`<worksheet><sheetData><row r="1" ${'x'.repeat(3_000_000)}`))).toMatchObject({ code: 'SHEET_UNREADABLE' })
  })
})

describe('templates', () => {
  const template: Template = { name: '线索', optionsName: '选项', hints: { name: '填写说明', rows: [['列', '必填'], ['姓名', '是']] },
    columns: [{ head: '姓名', required: true, text: true, options: [], example: '王小明' }, { head: '行业', required: false, text: false, options: ['制造', '零售 & 批发'], example: '制造' }] }
  it('Q7 both kinds give heads and example', async () => {
    expect(await cellsIn(templateXlsx(template))).toEqual([['姓名', '行业'], ['王小明', '制造']])
    expect(await cellsIn(await all(templateCsv(template)))).toEqual([['姓名', '行业'], ['王小明', '制造']])
  })
})
