import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { demoHouse, living } from './house.ts'

/** Nobody needs a mouse: what can be reached has a name, shows that it has the focus, and does what it says. */
const house = living(demoHouse)

interface Stop { name: string; seen: boolean }
// Text, not a function: it runs in the browser, whose types this project does not know.
const STOP = `(() => {
  const own = document.activeElement
  if (!own || own === document.body) return null
  const labelled = own.labels && [...own.labels].map((each) => each.textContent).join('')
  const name = (own.getAttribute('aria-label') || labelled || own.textContent || own.getAttribute('title') || own.getAttribute('placeholder') || '').trim().slice(0, 60)
  const shown = [own, own.parentElement, own.parentElement?.parentElement].filter(Boolean).map((each) => getComputedStyle(each))
  return { name, seen: shown.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) }
})()`

async function stops(page: Page, most: number): Promise<Stop[]> {
  const found: Stop[] = []
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab')
    const stop = (await page.evaluate(STOP)) as Stop | null
    if (!stop) break
    found.push(stop)
  }
  return found
}

/** Tab until something with this name has the focus. */
async function reach(page: Page, name: RegExp, most = 120): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab')
    const stop = (await page.evaluate(STOP)) as Stop | null
    if (stop && name.test(stop.name)) return
  }
  throw new Error(`${name.source} is not reached by Tab`)
}

test('作战台、记录页、筛选：Tab 走到的每一处都有名字，也看得出在哪里', async () => {
  const { page } = await house().member('李娜')
  const complaints: string[] = []
  const walk = async (place: string, most: number) => {
    const found = await stops(page, most)
    if (found.length <= 15) complaints.push(`${place}: only ${found.length} stops`)
    complaints.push(...found.filter(({ name, seen }) => !name || !seen).map(({ name, seen }) => `${place}: ${name || 'nameless'}${seen ? '' : ' without a visible focus'}`))
  }
  await page.getByText('昨日未闭环事项').waitFor()
  await walk('作战台', 70)
  await page.goto('/o/lead')
  await page.getByRole('main').locator('a[href^="/o/lead/"]').first().click()
  await page.getByText('动态').first().waitFor()
  await walk('记录页', 90)
  await page.goto('/o/lead')
  await page.getByRole('row').nth(1).waitFor()
  await page.getByRole('main').getByRole('button', { expanded: false }).filter({ hasText: '负责人' }).first().press('Enter')
  await page.getByRole('dialog', { name: '筛选' }).waitFor()
  await walk('筛选', 30)
  expect([...new Set(complaints)]).toEqual([])
})

test('只用键盘：在列表里上下选行、打开线索、改一个字段', async () => {
  const { page } = await house().member('李娜')
  await page.getByText('昨日未闭环事项').waitFor()
  await page.goto('/o/lead')
  await page.getByRole('row').nth(1).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.press('x')
  await page.getByRole('toolbar').waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.getByText('动态').first().waitFor()
  await reach(page, /^修改微信/)
  await page.keyboard.press('Enter')
  await page.keyboard.type('wx_keyboard')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: '信息' }).getByText('wx_keyboard').waitFor()
})

test('只用键盘：找一个规则模板、改条件、加减一步、用过去的记录试、启用再暂停；焦点一直在看得到的地方', async () => {
  const { page } = await house().member('周敏')
  const focused = async (): Promise<string> => ((await page.evaluate(STOP)) as Stop | null)?.name ?? 'nothing'
  await page.getByRole('navigation').getByRole('link', { name: '自动化' }).press('Enter')
  await page.getByRole('searchbox', { name: '找规则：名称，或它做什么' }).focus()
  await page.keyboard.type('记超时')
  await page.getByRole('status').getByText('找到 1 条').waitFor()
  await reach(page, /^R8 新线索 30 分钟/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '首次触达时间 为空' }).waitFor()

  // The editor stays while what opened it is removed, goes round, and gives the focus back to the sentence.
  await reach(page, /^首次触达时间 为空$/)
  await page.keyboard.press('Enter')
  const editor = page.getByRole('dialog', { name: '修改条件' })
  await editor.waitFor()
  await reach(page, /^移除这个条件$/)
  await reach(page, /^移除这个条件$/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '首次触达时间 为空' }).waitFor({ state: 'detached' })
  await editor.waitFor()
  await expect.poll(focused).toBe('条件')
  await reach(page, /^完成$/)
  await page.keyboard.press('Tab')
  expect(await editor.evaluate((own) => own.contains(own.ownerDocument.activeElement))).toBe(true)
  await page.keyboard.press('Escape')
  await expect.poll(focused).toMatch(/^状态 属于/)

  // A step that is removed takes its editor with it.
  await reach(page, /^加一个动作$/)
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await reach(page, /^移除这个动作$/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: '修改动作' }).waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('加一个动作')

  await reach(page, /^用过去 30 天试一试$/)
  await page.keyboard.press('Enter')
  await page.getByText(/有 [\d,]+ 条记录会不一样|和现在的做法没有差别/).waitFor({ timeout: 60_000 })
  await expect.poll(focused).toBe('用过去 30 天试一试')
  await reach(page, /^上线第 \d+ 版|^启用$/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '暂停' }).waitFor()
  await expect.poll(focused).toBe('暂停')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '启用', exact: true }).waitFor()
  await expect.poll(focused).toBe('启用')
})
