import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { demoHouse, living, onPhone } from './house.ts'

const house = living(demoHouse)

test('手机上一只拇指：从作战台打开跟进，三下就记好，这一行离开', async () => {
  const { page } = await house().member('李娜', onPhone)
  const row = page.getByRole('region', { name: '今日待联系线索' }).getByRole('listitem').first()
  const name = await row.getByRole('link').first().locator('b').innerText()
  await row.getByRole('button', { name: '跟进' }).tap()
  const sheet = page.getByRole('dialog', { name: '添加跟进' })
  await sheet.getByRole('radio', { name: '接通-有意向' }).tap()
  await sheet.getByRole('radio', { name: /^后天/ }).tap()
  const save = sheet.getByRole('button', { name: '记录跟进' })
  const { y, height } = (await save.boundingBox())!
  expect(y, 'the act is under the thumb').toBeGreaterThan(844 / 2)
  expect(height).toBeGreaterThanOrEqual(40)
  await save.tap()
  await page.getByText(`已跟进${name}`).waitFor()
  await page.getByRole('region', { name: '今日待联系线索' }).getByText(name).waitFor({ state: 'detached' })
})

const DIST = path.resolve(import.meta.dirname, '../web/dist')
test('手机第一次打开要下载的脚本不超过 120 KB', () => {
  const chunks = JSON.parse(fs.readFileSync(path.join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, { file: string; imports?: string[] }>
  const needed = new Set<string>()
  const need = (key: string): void => { if (!needed.has(key)) { needed.add(key); chunks[key]!.imports?.forEach(need) } }
  need('index.html')
  need('phone/main.tsx')
  expect(needed.size).toBeGreaterThan(5)
  const bytes = [...needed].map((key) => zlib.gzipSync(fs.readFileSync(path.join(DIST, chunks[key]!.file))).length)
  expect(bytes.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(120 * 1024)
})
