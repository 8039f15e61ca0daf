import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import type { PaperPart } from '#language/definitions'
import { drawPdf } from './index.ts'

const drawn = async (...parts: PaperPart[]) => {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(await drawPdf({ title: '试', footer: '云启', parts }))), { mergePages: false })
  return text
}
const table = (rows: number): PaperPart => ({ kind: 'table', title: '明细', columns: [{ label: '序号', right: false, wide: 1 }, { label: '名称', right: false, wide: 3 }, { label: '金额', right: true, wide: 2 }], rows: Array.from({ length: rows }, (_, i) => [String(i + 1), `第${i + 1}期设备款`, `¥${i + 1}.05`]), sums: ['合计', '', '¥99.99'], cut: false })

describe('drawing', () => {
  it('O1 every kind of part, read back', async () => {
    const [page, ...more] = await drawn(
      { kind: 'company', name: '上海云启智能科技有限公司', lines: ['地址：上海市浦东新区张江路 88 号'], logo: null },
      { kind: 'heading', text: '报 价 单', level: 1 },
      { kind: 'fields', columns: 2, rows: [{ label: '客户', value: '龘犇镕喆精密（苏州）有限公司' }, { label: '总价', value: '¥1,234,567.89' }] },
      { kind: 'text', text: '一、付款方式：预付 30%。\n二、Delivery: FOB "Shanghai" fi fl' }, table(2),
      { kind: 'totals', lines: [{ label: '未付', value: '¥0.01', words: '壹分' }] },
      { kind: 'signature', parties: ['甲方', '乙方'] })
    expect(more).toEqual([])
    for (const words of ['上海云启智能科技有限公司', '张江路 88 号', '报 价 单', '龘犇镕喆精密（苏州）有限公司', '¥1,234,567.89', '预付 30%', 'FOB "Shanghai" fi fl', '第2期设备款', '¥2.05', '¥99.99', '¥0.01', '壹分', '甲方', '乙方', '第 1 页 / 共 1 页', '云启']) expect(page).toContain(words)
  })

  it('O2 three pages of one table', async () => {
    const pages = await drawn(table(88))
    expect(pages.length).toBe(3)
    for (const [i, page] of pages.entries()) {
      expect(page.match(/序号\s+名称\s+金额/g)).toHaveLength(1)
      expect(page).toContain(`第 ${i + 1} 页 / 共 3 页`)
    }
    const all = pages.join('\n')
    for (let i = 1; i <= 88; i++) expect(all).toContain(`¥${i}.05`)
  })

  it('O3 nothing keeps a paper from being drawn', async () => {
    const pages = await drawn(
      { kind: 'company', name: '甲', lines: [], logo: 'data:image/png;base64,AAAA' },
      { kind: 'text', text: '长'.repeat(4000) }, { kind: 'text', text: '𠮷\u{10ffff}乙' },
      { kind: 'table', title: null, columns: [{ label: '备注', right: false, wide: 1 }], rows: [['很长的备注'.repeat(900)], ['尾']], sums: null, cut: true })
    expect(pages.join('')).toContain('乙')
    expect(pages.join('')).toContain('尾')
  })
})
