import { beforeAll, expect, test } from 'vitest'
import { stepOf, totpAt } from '#platform/crypto'
import { type Claims, simulatedProvider } from '../server/channels/oidc/testing/provider.ts'
import { demoHouse, living, onPhone, type Person } from './house.ts'

/** A password that leaked opens nothing, and nobody needs another one who has the company's. */
const house = living(() => demoHouse({ EGRESS_ALLOW: '127.0.0.1' }))
let keeper: Person
beforeAll(async () => { keeper = await house().member('周敏') })

const PASSWORD = '一片冰心在玉壶 2026'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const decoded = (text: string): Buffer => Buffer.from([...text.replaceAll(' ', '')].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g)!.map((bits) => Number.parseInt(bits, 2)))

test('管理员要求销售用两步验证：新同事先设置验证器才能进；之后电脑、手机上都要验证码；手机丢了用恢复码，管理员可以重置', async () => {
  const desk = keeper.page
  await desk.goto('/roles/sales')
  await desk.getByRole('checkbox', { name: '登录要两步验证' }).check()
  await expect.poll(async () => JSON.stringify(await keeper.ask('GET', '/api/v1/definitions/role/sales'))).toContain('"secondFactor":true')
  const { link } = await keeper.ask<{ link: { url: string } }>('POST', '/api/v1/members', { name: '宋新来', email: 'song@yunqi.example', roles: ['sales'] })

  const pocket = (await house().visitor(onPhone)).page
  await pocket.goto(link.url)
  await pocket.getByRole('heading', { name: '欢迎你，宋新来' }).waitFor()
  const { page } = await house().visitor()
  await page.goto(link.url)
  await page.getByRole('textbox', { name: '新密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '开始使用' }).click()
  await page.getByRole('heading', { name: '设置两步验证' }).waitFor()
  await page.goto('/o/lead')
  await page.getByRole('heading', { name: '设置两步验证' }).waitFor()
  await page.getByRole('textbox', { name: '当前密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '继续' }).click()
  await page.getByRole('img', { name: '两步验证的二维码' }).waitFor()
  const secret = decoded((await page.locator('code').first().textContent())!)
  await page.getByRole('textbox', { name: '验证码' }).fill(totpAt(secret, stepOf(Date.now())))
  await page.getByRole('button', { name: '开启' }).click()
  await page.getByRole('list', { name: '恢复码' }).waitFor()
  const codes = await page.getByRole('list', { name: '恢复码' }).getByRole('listitem').allTextContents()
  expect(codes).toHaveLength(10)
  await page.getByRole('button', { name: '已经存好了' }).click()
  await page.getByRole('heading', { name: '今日作战台' }).waitFor()

  const phone = (await house().visitor(onPhone)).page
  const enter = async (at: typeof page) => {
    await at.goto('/sign-in')
    await at.getByRole('textbox', { name: '邮箱或手机号' }).fill('song@yunqi.example')
    await at.getByRole('textbox', { name: '密码' }).fill(PASSWORD)
    await at.getByRole('button', { name: '登录', exact: true }).click()
  }
  await enter(phone)
  await phone.getByRole('textbox', { name: '验证码' }).fill('000000')
  await phone.getByRole('button', { name: '登录', exact: true }).click()
  await phone.getByText('验证码不对或已经用过').waitFor()
  await phone.getByRole('textbox', { name: '验证码' }).fill(codes[0]!)
  await phone.getByRole('button', { name: '登录', exact: true }).click()
  await phone.getByRole('heading', { name: '今日作战台' }).waitFor()

  await desk.goto('/members')
  await desk.getByRole('button', { name: /宋新来/ }).or(desk.getByRole('link', { name: /宋新来/ })).first().click()
  await desk.getByRole('button', { name: '重置两步验证' }).click()
  await desk.getByText('宋新来的两步验证已重置，所有设备已退出').waitFor()
  await phone.goto('/')
  await phone.getByRole('textbox', { name: '邮箱或手机号' }).waitFor()
  await enter(phone)
  await phone.getByRole('textbox', { name: '当前密码' }).fill(PASSWORD)
  await phone.getByRole('button', { name: '继续' }).click()
  await phone.getByRole('img', { name: '两步验证的二维码' }).waitFor()
  const again = decoded((await phone.locator('code').first().textContent())!)
  await phone.getByRole('textbox', { name: '验证码' }).fill(totpAt(again, stepOf(Date.now())))
  await phone.getByRole('button', { name: '开启' }).click()
  await phone.getByRole('button', { name: '已经存好了' }).click()
  await phone.getByRole('heading', { name: '今日作战台' }).waitFor()
})

test('管理员接通企业登录：同事在电脑、手机上用企业账号进来，回到原来要去的页面；停用的、不认识的进不来；退出时企业账号也退出', async () => {
  const people: Claims[] = []
  const company = await simulatedProvider({ id: 'nextmove', secret: 'company secret' }, people)
  const { members } = await keeper.ask<{ members: { id: number; name: string; email: string }[] }>('GET', '/api/v1/members')
  const known = (name: string) => members.find((each) => each.name === name)!
  people.push(...['王海燕', '李娜'].map((name, at) => ({ sub: `u-${at}`, name, email: known(name).email, email_verified: true })), { sub: 'u-9', name: '外人', email: 'out@elsewhere.example', email_verified: true })

  const desk = keeper.page
  await desk.goto('/company-sign-in')
  await desk.getByRole('button', { name: '接通企业登录' }).click()
  await desk.getByRole('textbox', { name: '名称' }).fill('云启统一登录')
  await desk.getByRole('textbox', { name: '签发方' }).fill('https://10.0.0.1')
  await desk.getByRole('textbox', { name: '客户端编号' }).fill('nextmove')
  await desk.getByLabel('客户端密钥').fill('company secret')
  await desk.getByRole('checkbox', { name: '在这里退出时' }).check()
  await desk.getByRole('button', { name: '核对并接通' }).click()
  await desk.getByText('不能用作企业登录').waitFor()
  await desk.getByRole('textbox', { name: '签发方' }).fill(company.issuer)
  await desk.getByRole('button', { name: '核对并接通' }).click()
  await desk.getByText('已接通云启统一登录').waitFor()

  const come = async (name: string, to: string, look = {}) => {
    const { page } = await house().visitor(look)
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`)
    await page.getByRole('button', { name: '用企业账号登录' }).click()
    await page.getByRole('link', { name }).click()
    return page
  }
  const page = await come('王海燕', '/o/customer')
  await page.getByRole('heading', { name: '客户' }).waitFor()
  expect(page.url()).not.toMatch(/code=|state=/)
  const phone = await come('王海燕', '/o/customer', onPhone)
  await phone.getByRole('heading', { name: '客户' }).waitFor()
  await (await come('外人', '/')).getByText('这个企业账号在这里没有可以登录的成员').waitFor()
  await keeper.ask('PATCH', `/api/v1/members/${known('李娜').id}`, { state: 'suspended' })
  await (await come('李娜', '/', onPhone)).getByText('这个企业账号在这里没有可以登录的成员').waitFor()

  await page.getByRole('button', { name: /王海燕/ }).last().click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '用企业账号登录' }).waitFor()
  expect(company.asked).toContain('GET /logout')
  await desk.goto('/audit?about=signIns')
  await desk.getByText('云启统一登录').first().waitFor()
  await company.close()
})
