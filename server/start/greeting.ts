import { linkAt } from '../api/index.ts'
import type { OpenDatabase, Tenant } from '#platform/db'
import { demoAccounts, demoPassword } from './demo.ts'
import { lanUrls, qrLines } from './network.ts'
import type { Options } from './options.ts'
import { setupToken } from './tenants.ts'

/** What a person needs to begin, on their terminal: the address, and how to get in. */
export async function greeting(db: OpenDatabase, tenants: readonly Tenant[], options: Options, url: string): Promise<string> {
  const lines = ['', `  下一步 · Nextmove   ${url}`, ...neighbours(options, url)]
  const many = tenants.length > 1
  for (const tenant of tenants) {
    const prefix = many ? `/t/${tenant.key}` : ''
    const token = await setupToken(db, tenant)
    if (many) lines.push(`  ${tenant.name}   ${url}${prefix}`)
    if (token) lines.push('', '  首次设置（一次有效，7 天内） · Set-up, works once, within 7 days:', `  ${linkAt(options.publicUrl ?? url, prefix, 'setup', token)}`)
    else if (options.demo && tenant.demo) lines.push(...(await demoLines(db, tenant, options)))
  }
  return [...lines, '', '  Ctrl-C 停止 · stops everything', ''].join('\n')
}

/** Where other machines of the network find us, when we listen to them; a phone's camera opens the first. */
function neighbours({ host, demo }: Options, url: string): string[] {
  const addresses = lanUrls(host, Number(new URL(url).port))
  if (addresses.length === 0) return []
  const form = `${addresses[0]!}${demo ? '/f/pricing' : ''}`
  return [
    ...addresses.map((address) => `  局域网 · network     ${address}`), '',
    ...(demo ? [`  手机扫码填定价表单 · scan to fill in the pricing form   ${form}`] : [`  手机扫码打开 · scan to open   ${form}`]), ...qrLines(form),
    ...(demo ? ['  角色卡片只在本机出现；手机上是公开表单，登录要密码 · role cards appear on this machine only'] : []),
  ]
}

async function demoLines(db: OpenDatabase, tenant: Tenant, { dataDir }: Options): Promise<string[]> {
  const accounts = await demoAccounts(db, tenant)
  return ['', `  演示账号（密码均为 ${demoPassword(dataDir)}） · demo sign-ins, one password`, ...accounts.map(({ role, name, email }) => `    ${role}  ${name}  ${email}`)]
}
