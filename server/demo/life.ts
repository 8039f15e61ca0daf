import type { Who, Write } from './history.ts'
import { about, filled } from './basics.ts'
import { atWork, DAY, dayStart, dayText, HOUR, iso, isWorkday, MINUTE, weekday } from './working-time.ts'
import { isOpen, type Lead, type World } from './world.ts'

const TROUBLES: readonly (readonly [title: string, kind: string, severity: string, description: string])[] = [
  ['报工终端偶发卡顿', 'repair', 'normal', '换班时段二号线终端响应慢，重启后恢复'], ['新增两台设备采集', 'consult', 'normal', '新到两台加工中心，问采集点位和费用'], ['追溯报表加一列', 'consult', 'normal', '客户审核要求看到炉号'], ['换班时段报工不上传', 'repair', 'severe', '网络抖动后离线数据没有补传'],
  ['保修期怎么算', 'consult', 'normal', '客户问终端保修从到货还是验收算起'], ['扫码枪无法识别新标签', 'repair', 'normal', '标签换了供应商，识别率下降'], ['系统停摆影响出货', 'complaint', 'critical', '周五夜班服务器断电后数据库未自动恢复，出货延误四小时'], ['实施顾问换人', 'complaint', 'severe', '客户不满意中途换顾问，要求书面说明'],
  ['权限设置培训', 'consult', 'normal', '新来的信息主管想再听一次权限'], ['排产结果与现场不符', 'defect', 'severe', '换型时间没有算进去'], ['季度回访', 'care', 'normal', '例行回访，了解使用情况'], ['网关固件升级', 'delivery', 'normal', '配合停机窗口升级四台网关'],
]
const STATES = ['closed', 'closed', 'closed', 'resolved', 'waiting_customer', 'working', 'unconfirmed'] as const

/** Service: what customers reported, and how far it has come. */
export function tickets(world: World, count: number): void {
  const { random } = world
  for (let i = 0; i < count; i++) {
    const party = random.pick(world.parties)
    const at = atWork(Math.max(party.since + DAY, world.now - random.between(0.3, i < 8 ? 6 : 80) * DAY), random)
    if (at > world.now - HOUR) continue
    const [title, kind, severity, description] = TROUBLES[i % TROUBLES.length]!
    const status = i < 3 ? 'unconfirmed' : i < 8 ? random.pick(['working', 'waiting_customer']) : random.pick(STATES.slice(0, 4))
    const id = world.id(at)
    const who: Who = { member: 'xujing' }
    const confirmed = Math.min(at + random.int(10, 110) * MINUTE, world.now - 5 * MINUTE)
    world.chronicle.note({ at, who, subject: id, ip: world.ip(who)!, writes: [{ op: 'create', object: 'ticket', id, owner: 'xujing', values: { title, customer: party.customer, contact: party.contact, kind, severity, description, handler: { member: 'xujing' }, sla_due_at: iso(at + 2 * HOUR), status: 'unconfirmed' } }] })
    if (status === 'unconfirmed') continue
    world.chronicle.note({ at: confirmed, who, subject: id, ip: world.ip(who)!, writes: [{ op: 'update', object: 'ticket', id, values: { confirmed_at: iso(confirmed), status: 'working' } }] })
    if (status === 'working') continue
    const later = Math.min(confirmed + random.between(2, 60) * HOUR, world.now - 4 * MINUTE)
    world.chronicle.note({ at: Math.floor(later), who, subject: id, ip: world.ip(who)!, writes: [{ op: 'update', object: 'ticket', id, values: { status, ...(status === 'closed' && { satisfaction: random.weighted([[5, 6], [4, 4], [3, 1]]) }) } }] })
  }
}

const MEETINGS = [['方案交流', 60, '线上会议'], ['上门拜访', 120, ''], ['样板车间参观', 180, '苏州样板工厂'], ['商务谈判', 90, ''], ['接口对接会', 60, '线上会议']] as const

/** What stands in the calendars of this week and the next. */
export function schedules(world: World): void {
  const { random } = world
  const monday = dayStart(world.now) - (weekday(world.now) - 1) * DAY
  const days = Array.from({ length: 12 }, (_, i) => monday + i * DAY).filter(isWorkday)
  for (const member of world.sales) {
    const at = world.now - random.int(2, 9) * HOUR
    const leads = random.shuffle(world.leads.filter((lead) => lead.owner === member && isOpen(lead) && lead.touched && lead.at < at)).slice(0, 4)
    const deals = world.deals.filter(({ owner, since }) => owner === member && since < at).slice(-2)
    const subjects = [...leads.map((lead) => ({ ...about(lead), short: lead.firm.short })), ...deals.map(({ id, firm }) => ({ object: 'opportunity', id, short: firm.short }))]
    const who: Who = { member }
    const writes = subjects.map(({ object, id, short }, i): Write => {
      const [title, length, place] = random.pick(MEETINGS)
      const starts = days[(i * 2 + random.int(0, 1)) % days.length]! + (9.5 + i) * HOUR
      const pair = random.chance(0.4) ? [{ member }, { member: world.supervisorOf(member) }] : [{ member }]
      return { op: 'create', object: 'schedule', id: world.id(at), owner: member, values: filled({ title: `${short}：${title}`, subject: { object, id }, starts_at: iso(starts), ends_at: iso(starts + length * MINUTE), place: place || short, participants: pair }) }
    })
    world.chronicle.note({ at, who, subject: `calendar ${member}`, ip: world.ip(who)!, writes })
  }
  teamMeetings(world, days)
}

function teamMeetings(world: World, days: readonly number[]): void {
  const at = world.now - 9 * DAY
  for (const boss of new Set(world.sales.map(world.supervisorOf))) {
    const team = world.sales.filter((member) => world.supervisorOf(member) === boss)
    const who: Who = { member: boss }
    world.chronicle.note({ at, who, subject: `meetings ${boss}`, ip: world.ip(who)!, writes: days.filter((day) => weekday(day) === 1).map((day): Write => ({ op: 'create', object: 'schedule', id: world.id(at), owner: boss, values: { title: `${world.member(boss).name.slice(0, 1)}总周会：线索与商机`, starts_at: iso(day + 9 * HOUR), ends_at: iso(day + 10 * HOUR), place: '三楼会议室', participants: [boss, ...team].map((member) => ({ member })) } })) })
  }
}

const SAID = ['这家去年接触过，当时卡在预算，可以把老方案翻出来', '对方信息部经理我认识，需要的话我来搭个线', '注意他们集团统一采购，早点问清流程', '同行业案例已放到资料库', '约演示前先确认网络环境', '这个预算偏低，先做一条线', '下次跟进记得问决策人']

/** Supervisors look over shoulders. */
export function comments(world: World, count: number): void {
  const { random } = world
  const open = random.shuffle(world.leads.filter((lead) => isOpen(lead) && lead.owner !== null && lead.touched)).slice(0, count)
  for (const lead of open) {
    const who: Who = { member: world.supervisorOf(lead.owner!) }
    const at = Math.floor(random.between(Math.max(lead.lastAt!, world.now - 6 * DAY), world.now - 10 * MINUTE))
    if (at < world.now) world.chronicle.note({ at, who, subject: lead.id, ip: world.ip(who)!, writes: [{ op: 'create', object: 'comment', id: world.id(at), owner: who.member, values: { subject: about(lead), text: random.pick(SAID) } }] })
  }
}

/** Expected purchase dates of three people that move three times in a week: what the risk hint looks for. */
export function restlessDates(world: World): void {
  const live = world.deals.filter(({ stage, since }) => !['signed', 'paid', 'accepted', 'lost'].includes(stage) && since < world.now - 7 * DAY)
  const restless = [...new Map(live.map((deal) => [deal.owner, deal])).values()].slice(0, 3)
  for (const [i, deal] of restless.entries()) for (const [back, later] of [[5.2, 14], [3.1, 28], [0.9, 42]] as const) {
    const who: Who = { member: deal.owner }
    const at = Math.floor(world.now - (back + i * 0.2) * DAY)
    if (at <= deal.since) continue
    world.chronicle.note({ at, who, subject: deal.id, ip: world.ip(who)!, writes: [{ op: 'update', object: 'opportunity', id: deal.id, values: { purchase_on: dayText(Math.max(deal.purchase, world.now) + (later + i * 3) * DAY) } }] })
    // R19 at the third time.
    if (back < 1) world.chronicle.note({ at, who: { rule: 'r19_tampering' }, subject: deal.id, writes: [], notices: [{ to: 'yuanbin', kind: 'risk', title: `预计采购时间被反复修改：${deal.firm.short}${world.word('need_type', deal.interest.need)}项目`, body: `负责人 ${world.member(deal.owner).name}`, object: 'opportunity', record: deal.id, rule: 'r19_tampering' }] })
  }
}

/** Customers who look around while nobody has written anything down for a week: what R18 finds in the morning. */
export function silentCustomers(world: World): void {
  const morning = (isWorkday(world.now) && world.now > dayStart(world.now) + 9 * HOUR ? dayStart(world.now) : lastWorkday(dayStart(world.now))) + 9 * HOUR
  const quiet = [...new Map(world.parties.filter(({ since }) => since < world.from).slice(14, 40).map((party) => [world.supervisorOf(party.owner), party])).values()].slice(0, 2)
  for (const [i, { customer, owner, firm }] of quiet.entries()) {
    for (const [n, page] of ['/pricing', '/cases/auto-parts', '/pricing'].entries()) {
      const at = morning - (40 - n * 13 - i * 2) * HOUR
      world.chronicle.note({ at, who: { form: 'pricing' }, subject: customer, ip: world.ip({ form: 'pricing' })!, writes: [{ op: 'create', object: 'behaviour', id: world.id(at), values: { subject: { object: 'customer', id: customer }, kind: 'view', page, seconds: 40 + n * 35, occurred_at: iso(at) } }] })
    }
    const [supervisor, name] = [world.supervisorOf(owner), world.member(owner).name]
    const ticket: Write = { op: 'create', object: 'ticket', id: world.id(morning), owner: supervisor, values: { title: `核查：${firm.name} 连续 5 个工作日没有沟通记录`, customer, kind: 'check', description: `客户在渠道上有互动，系统里却没有沟通记录。请和负责人${name}核实，补上记录。`, handler: { member: supervisor } } }
    world.chronicle.note({ at: morning, who: { rule: 'r18_silent' }, subject: customer, writes: [ticket],
      notices: [supervisor, 'yuanbin'].map((to) => ({ to, kind: 'risk', title: `渠道有互动，却没有沟通记录：${firm.name}`, body: `负责人 ${name}，连续 5 个工作日没有跟进，已建核查工单`, object: 'customer', record: customer, rule: 'r18_silent' })) })
  }
}

function lastWorkday(start: number): number {
  let day = start - DAY
  while (!isWorkday(day)) day -= DAY
  return day
}

/** A converted lead is locked; somebody wants to put something right and waits for whoever may open it: in each team one of their supervisor, and one supervisor of the director. */
export function unlockWishes(world: World): void {
  const { random } = world
  const supervisors = [...new Set(world.sales.map(world.supervisorOf))]
  const convertedOf = (supervisor: string) => world.leads.filter(({ status, owner }) => status === 'converted' && owner !== null && world.supervisorOf(owner) === supervisor)
  for (const supervisor of supervisors) {
    const lead = convertedOf(supervisor).at(-1)
    if (lead) wish(world, lead, { asker: lead.owner!, told: supervisor, reason: '客户换了手机号，联系方式要改一下', at: world.now - random.int(20, 90) * MINUTE })
  }
  const taken = convertedOf(supervisors[0]!).at(-2)
  if (!taken) return
  const [asker, director] = [supervisors[0]!, world.supervisorOf(supervisors[0]!)]
  const who: Who = { member: director }
  world.chronicle.note({ at: world.now - 5 * HOUR, who, subject: taken.id, ip: world.ip(who)!, reason: '重点客户，主管亲自跟进', writes: [{ op: 'update', ...about(taken), owner: asker }] })
  wish(world, taken, { asker, told: director, reason: '预算金额记错了一位，改回来', at: world.now - 35 * MINUTE })
}

function wish(world: World, lead: Lead, { asker, told, reason, at }: { asker: string; told: string; reason: string; at: number }): void {
  const who: Who = { member: asker }
  world.chronicle.note({ at, who, subject: `unlock ${told}`, ip: world.ip(who)!, reason, writes: [],
    notices: [{ to: told, kind: 'unlock', title: `${world.member(asker).name}申请解锁「${lead.person.name}」`, body: reason, ...about(lead), record: lead.id, rule: null }] })
}
