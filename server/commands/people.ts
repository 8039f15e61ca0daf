import { kernelContext, type Context } from '#kernel/access'
import { createKey, createLink, createMember, listMembers, resetTwoFactor, SCOPES, type KeyScope } from '#kernel/members'
import { linkAt } from '../api/index.ts'
import { type Command, type Desk, misuse } from './types.ts'

/** The operator acts for the installation: whoever can read the data folder needs no sign-in. */
const operate = async <T>(desk: Desk, work: (ctx: Context) => Promise<T>): Promise<T> => {
  const [db, tenant] = [await desk.db(), await desk.tenant()]
  return db.mutate(tenant, async (tx) => work(await kernelContext(tx, { kind: 'system', reason: 'command line' }, { kind: 'definition' })))
}

export const memberAdd: Command = {
  usage: 'member add --name <姓名> (--email <e-mail> | --phone <手机>) --roles <role,…> [--team <部门>]',
  zh: '添加成员，打印一次性邀请链接', en: 'add a member; prints the one-time invitation link',
  run: async (desk) => {
    const [name, email, phone] = [desk.flag('name'), desk.flag('email'), desk.flag('phone')]
    const roles = (desk.flag('roles') ?? '').split(',').filter(Boolean)
    if (!name || (!email && !phone)) misuse('请给出 --name 和 --email 或 --phone', 'Give --name and --email or --phone')
    const token = await operate(desk, async (ctx) => {
      if (roles.length === 0) misuse(`请用 --roles 指定角色：${[...ctx.metadata.roles.keys()].join('、')}`, `Name roles with --roles: ${[...ctx.metadata.roles.keys()].join(', ')}`)
      const member = await createMember(ctx, { name: name!, email, phone, roles, team: teamOf(ctx, desk.flag('team')) })
      return (await createLink(ctx.tx, 'invite', member.id)).token
    })
    const many = (await (await desk.db()).tenants()).length > 1
    desk.print(linkAt(desk.options.publicUrl ?? `http://localhost:${desk.options.port}`, many ? `/t/${(await desk.tenant()).key}` : '', 'invite', token))
  },
}

function teamOf({ metadata }: Context, name: string | undefined): number | null {
  if (name === undefined) return null
  return [...metadata.teams.values()].find((team) => team.name === name)?.id ?? misuse(`没有部门「${name}」`, `There is no team “${name}”`)
}

export const keyCreate: Command = {
  usage: 'api-key create --member <e-mail> --name <名称> [--scopes read,write,admin]',
  zh: '新建 API 密钥，只打印密钥', en: 'create an API key; prints only the key',
  run: async (desk) => {
    const [account, name] = [desk.flag('member'), desk.flag('name')]
    const scopes = (desk.flag('scopes') ?? SCOPES.join(',')).split(',') as KeyScope[]
    if (!account || !name) misuse('请给出 --member 和 --name', 'Give --member and --name')
    if (scopes.some((scope) => !SCOPES.includes(scope))) misuse(`--scopes 只能是 ${SCOPES.join('、')}`, `--scopes are ${SCOPES.join(', ')}`)
    const { key } = await operate(desk, async (ctx) => {
      const member = (await listMembers(ctx)).find(({ email, phone, state }) => state === 'active' && (email === account!.toLowerCase() || phone === account))
      return createKey(ctx, (member ?? misuse(`没有在职成员「${account}」`, `There is no active member “${account}”`)).id, name!, scopes)
    })
    desk.print(key)
  },
}

export const secondReset: Command = {
  usage: 'member reset-second-factor --member <邮箱或手机>',
  zh: '重置一位成员的两步验证（最后一位管理员的手机丢了）', en: 'reset a member’s second factor (the last administrator has lost their phone)',
  run: async (desk) => {
    const account = desk.flag('member') ?? misuse('请给出 --member', 'Give --member')
    const done = await operate(desk, async (ctx) => {
      const member = (await listMembers(ctx)).find(({ email, phone }) => email === account.toLowerCase() || phone === account)
      return resetTwoFactor(ctx, (member ?? misuse(`没有成员「${account}」`, `There is no member “${account}”`)).id)
    })
    desk.print(done ? '已重置，所有设备已退出 · reset; all devices were signed out' : '没有开启两步验证 · there was no second factor')
  },
}
