import { expect, test } from 'vitest'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** A photograph of one pixel, a contract of one empty page, and a program that calls itself a contract. */
const PHOTO = { name: '现场照片.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') }
const CONTRACT = { name: '采购合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') }
const TEXT = { name: '会议纪要.txt', mimeType: 'text/plain', buffer: Buffer.from('周一：确认预算\n周三：上门') }
const PROGRAM = { name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1') }

const house = living(demoHouse)
let lead: string

/** A lead of one's own; answers its id. */
async function ownLead({ ask }: Person, name: string): Promise<string> {
  const { record } = await ask<{ record: { id: string } }>('POST', '/api/v1/objects/lead/records', { values: { name } })
  return record.id
}

test('销售在线索上添加照片、合同和纪要，看图、看文字，移除后八秒内撤销；程序不能冒充合同', async () => {
  const person = await house().member('李娜')
  const { page } = person
  lead = await ownLead(person, '附件试验')
  await page.goto(`/o/lead/${lead}`)
  const panel = page.getByRole('region', { name: '附件' })
  await panel.getByText('把文件拖到这里').waitFor()
  await panel.locator('input[type=file]').setInputFiles([PHOTO, CONTRACT, TEXT])
  await page.getByText('已添加 3 个文件').waitFor()
  await panel.getByRole('button', { name: '查看现场照片.png' }).click()
  const shown = page.getByRole('dialog', { name: '现场照片.png' }).getByRole('img', { name: '现场照片.png' })
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: '查看会议纪要.txt' }).click()
  await page.getByRole('dialog', { name: '会议纪要.txt' }).getByText('周三：上门').waitFor()
  await page.keyboard.press('Escape')
  expect(await panel.getByText('未扫描').count()).toBe(3)
  await panel.getByRole('button', { name: '移除采购合同.pdf' }).click()
  await panel.getByText('采购合同.pdf').waitFor({ state: 'detached' })
  await page.getByText('已移除「采购合同.pdf」').locator('..').getByRole('button', { name: '撤销' }).click()
  await panel.getByText('采购合同.pdf').waitFor()
  await panel.locator('input[type=file]').setInputFiles([PROGRAM])
  await panel.getByText('不能上传「合同.pdf」这种文件').waitFor()
  await page.getByRole('region', { name: '动态' }).getByText('附件填为3 个文件').waitFor()
})

test('看不到这条线索的同事，也拿不到它的文件', async () => {
  const [mine, theirs] = [await house().member('李娜'), await house().member('赵磊')]
  const { items } = await mine.ask<{ items: { id: string }[] }>('GET', `/api/v1/objects/lead/records/${lead}/files`)
  const address = `/api/v1/objects/lead/records/${lead}/files/attachments/${items[0]!.id}`
  expect((await mine.page.request.get(address)).status()).toBe(200)
  expect((await theirs.page.request.get(address)).status()).toBe(404)
})

test('手机上从相册加一张照片，马上能看', async () => {
  const { page } = await house().member('李娜', onPhone)
  await page.goto(`/o/lead/${lead}`)
  const panel = page.getByRole('region', { name: '附件' })
  await panel.locator('input[type=file]').setInputFiles([{ ...PHOTO, name: '名片.png' }])
  await panel.getByRole('button', { name: '查看名片.png' }).tap()
  await page.getByRole('dialog', { name: '名片.png' }).getByRole('img', { name: '名片.png' }).waitFor()
})
