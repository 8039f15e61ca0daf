import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { type Cell, columnName, csvOf, xlsxOf } from './index.ts'

async function* rowsOf(...some: Cell[][][]) { for (const each of some) yield await Promise.resolve(each) }
const all = async (chunks: AsyncIterable<Buffer>) => { const found: Buffer[] = []; for await (const chunk of chunks) found.push(chunk); return Buffer.concat(found) }
const csv = async (...cells: Cell[]) => (await all(csvOf(rowsOf([cells])))).toString('utf8')
const sheet = async (...cells: Cell[]) => strFromU8(unzipSync(new Uint8Array(await all(xlsxOf({ name: '客户/一' }, rowsOf([['头']], [cells])))))['xl/worksheets/sheet1.xml']!)

describe('sheets', () => {
  it('Q1 the first rows leave before the last are read', async () => {
    let read = 0
    async function* endless() { for (; read < 400; read++) yield await Promise.resolve(Array.from({ length: 200 }, (_, i): Cell[] => [`第${i}行 ${Math.sin(read * 200 + i)}`])) }
    let first = -1
    let bytes = 0
    for await (const chunk of xlsxOf({ name: '大' }, endless())) { bytes += chunk.length; if (first < 0 && bytes > 50_000) first = read }
    expect(first).toBeGreaterThanOrEqual(0)
    expect(first).toBeLessThan(40)
    expect(read).toBe(400)
  })

  it.each(['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\t=1'])('Q2 %s stays text', async (text) => {
    expect(await csv(text)).toBe(`\uFEFF'${text}\r\n`)
    expect(await sheet(text)).toContain(`<c r="A2" t="inlineStr" s="2"><is><t xml:space="preserve">${text}</t></is></c>`)
  })

  it.each(['-5', '+8613800138000', '3.20'])('Q2 %s is no formula', async (text) => expect(await csv(text)).toBe(`\uFEFF${text}\r\n`))

  it('Q2 numbers are numbers', async () => {
    expect(await csv({ number: '1234567.80' }, null)).toBe('\uFEFF1234567.80,\r\n')
    expect(await sheet({ number: '0.01' })).toContain('<c r="A2"><v>0.01</v></c>')
  })

  it('Q3 as written', async () => {
    expect(await csv('甲,"乙"', '一\n二', '平')).toBe('\uFEFF"甲,""乙""","一\n二",平\r\n')
    expect(await sheet('<a & "b">\u0001')).toContain('&lt;a &amp; &quot;b&quot;&gt;</t>')
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
  })
})
