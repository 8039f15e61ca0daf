// node tools/pictures.mjs http://127.0.0.1:3000: takes the pictures of docs/screenshots from a demonstration that runs on this machine.
import path from 'node:path'
import { chromium } from 'playwright-core'
import { ensureBrowser, root } from '../bin/lib.mjs'

const address = process.argv[2]
if (!address) { console.error('pictures: node tools/pictures.mjs <address of a running demonstration>'); process.exit(1) }
const DESK = { viewport: { width: 1440, height: 900 } }
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const PICTURES = [
  { name: 'workbench', who: '李娜', look: DESK, open: (page) => page.goto('/') },
  { name: 'record', who: '李娜', look: DESK, open: busiest },
  { name: 'rule', who: '周敏', look: DESK, open: (page) => page.goto('/automation/r1_tag') },
  { name: 'phone', who: '李娜', look: PHONE, open: (page) => page.goto('/') },
]

const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox', '--disable-dev-shm-usage'] })
for (const { name, who, look, open } of PICTURES) {
  const context = await browser.newContext({ ...look, baseURL: address, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
  await sit(context, who)
  const page = await context.newPage()
  await open(page)
  await page.waitForLoadState('networkidle').catch(() => {})
  await page.waitForTimeout(600)
  await page.screenshot({ path: path.join(root, 'docs/screenshots', `${name}.png`) })
  await context.close()
}
await browser.close()

async function sit(context, name) {
  const { cards } = await (await context.request.get('/api/v1/auth/demo')).json()
  await context.request.post('/api/v1/auth/demo', { data: { member: cards.find((card) => card.name === name).member } })
}

/** The first of the day: the one about whom most is known. */
async function busiest(page) {
  await page.goto('/')
  await page.getByRole('region', { name: '今日待联系线索' }).getByRole('link').first().click()
  await page.getByText('动态').first().waitFor()
}
