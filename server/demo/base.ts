import { contractWrites, type Deal } from './deals.ts'
import type { Who, Write } from './history.ts'
import { filled } from './leads.ts'
import { DAY, dayText, iso, MINUTE } from './working-time.ts'
import type { World } from './world.ts'

const PRODUCTS: readonly (readonly [code: string, name: string, category: string, unit: string, price: number, discount: number])[] = [
  ['YQ-MES-B', '云启 MES 基础版', 'licence_base', 'set', 180_000, 85], ['YQ-MES-P', '云启 MES 专业版', 'licence_base', 'set', 360_000, 88], ['YQ-APS', '高级排产模块', 'licence_module', 'set', 120_000, 88], ['YQ-QMS', '质量追溯模块', 'licence_module', 'set', 90_000, 88],
  ['YQ-WMS', '线边仓模块', 'licence_module', 'set', 68_000, 88], ['YQ-SCADA', '设备采集（每点）', 'licence_module', 'point', 1_200, 90], ['YQ-IMP', '实施交付', 'service_delivery', 'day', 2_800, 95], ['YQ-TRN', '现场培训', 'service_training', 'day', 2_000, 95],
  ['YQ-SUP', '年度运维', 'service_support', 'year', 48_000, 95], ['YQ-TM10', '工位终端 10 寸', 'terminal', 'piece', 3_600, 92], ['YQ-GW4', '采集网关 4 口', 'gateway', 'piece', 2_400, 92],
]
const CAMPAIGNS: readonly (readonly [key: string, name: string, channel: string, budget: number])[] = [
  ['search', '秋季搜索投放：MES 选型', 'search', 180_000], ['douyin', '抖音信息流：车间实拍', 'douyin', 120_000], ['expo', '工业博览会展位', 'exhibition', 260_000], ['salon', '苏州汽车零部件数字化沙龙', 'event', 45_000],
]
const MATERIALS: readonly (readonly [code: string, name: string, kind: string, industries: string[]])[] = [
  ['mes_whitepaper', 'MES 实施白皮书', 'whitepaper', []], ['auto_parts_case', '汽车零部件追溯案例', 'case', ['auto_parts']], ['medical_case', '医疗器械 UDI 追溯案例', 'case', ['medical_device']],
  ['selection_checklist', '制造业数字化诊断清单', 'whitepaper', []], ['comparison', '主流 MES 对比表', 'comparison', []], ['quote_template', '标准报价模板', 'quote_template', []],
]
const INTEL = [['鼎信 MES', '对老客户推出三年打包价，实施费打七折', 'verified'], ['华络云', '新版移动报工支持离线，演示时被客户问到', 'verified'], ['博工智造', '华南办事处撤掉两名售前', 'unverified'], ['群工软件', '汽车零部件行业开始免费做现场诊断', 'unverified']] as const

/** What the company had before the first of these days: products, campaigns, pools, targets. */
export function groundwork(world: World): void {
  const at = world.from - DAY
  const make = (object: string, values: Record<string, unknown>, known?: string, owner?: string): Write => {
    const id = world.id(at)
    if (known !== undefined) world.known.set(known, id)
    return { op: 'create', object, id, values, ...(owner !== undefined && { owner }) }
  }
  const months = [-2, -1, 0].map((back) => { const day = new Date(world.now + 8 * 3_600_000); return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + back, 1)).toISOString().slice(0, 10) })
  const who: Who = { member: 'zhoumin' }
  const writes = [
    ...PRODUCTS.map(([code, name, category, unit, price, least]) => make('product', { code, name, category, unit, price: String(price), min_discount: String(least), tax: category.startsWith('licence') ? '13' : '6', warranty: category === 'terminal' || category === 'gateway' ? 24 : 12 }, `product:${code}`)),
    ...CAMPAIGNS.map(([key, name, channel, budget]) => make('campaign', { name, channel, starts_on: dayText(at), ends_on: dayText(world.now + 30 * DAY), budget: String(budget), spent: String(Math.round(budget * 0.7)), short_link: `https://www.yunqi.example/s/${key}` }, `campaign:${key}`)),
    ...MATERIALS.map(([code, name, kind, industries]) => make('material', filled({ code, name, kind, industries: industries.length > 0 ? industries : null }))),
    ...[['east', '华东公海'], ['north', '华北公海'], ['south', '华南公海']].map(([key, name]) => make('pool', { name, team: { team: key }, note: '每日领取不超过 10 条，退回须写原因' }, `pool:${key}`)),
    ...INTEL.map(([competitor, content, status]) => make('intel', { competitor, content, status })),
    ...world.sales.flatMap((member) => months.map((month) => make('target', { name: `${world.member(member).name} ${month.slice(0, 7)} 签约`, member: { member }, month, metric: 'signed', goal: '600000' }, undefined, member))),
  ]
  writes.push(...['a', 'b'].flatMap((level) => PRODUCTS.slice(0, 4).map(([code, name, , , price]) => make('price_book', { name: `${name}（${level.toUpperCase()} 级）`, product: world.known.get(`product:${code}`), level, price: String(Math.round(price * (level === 'a' ? 0.9 : 0.95))), valid_from: dayText(at) }))))
  world.chronicle.note({ at, who, subject: 'groundwork', ip: world.ip(who)!, reason: '上线准备', writes })
}

/** Customers from the years before, brought in from the old tables. */
export function oldCustomers(world: World, count: number): void {
  const { random } = world
  const at = world.from - DAY + 60 * MINUTE
  const who: Who = { member: 'zhoumin' }
  const writes = Array.from({ length: count }, () => {
    const firm = world.population.firm()
    const person = world.population.person(firm)
    const owner = world.desk.assign('', { skill: firm.industry, region: firm.city }, null).owner ?? world.sales[0]!
    const signed = at - random.int(60, 330) * DAY
    const amount = random.int(18, 160) * 10_000
    const deal: Deal = { id: '', owner, person, firm, interest: world.population.interest(firm), customer: world.id(at), contact: world.id(at), amount, stage: 'accepted', quote: null, contract: world.id(at), plans: [{ id: world.id(at), amount }] }
    const ticket = random.chance(0.4)
    return [
      { op: 'create' as const, object: 'customer', id: deal.customer, owner, ...(amount > 500_000 && { tags: ['敏感客户'] }), values: { kind: 'company', name: firm.name, short_name: firm.short, industry: firm.industry, segment: random.pick(['sme', 'private_large', 'foreign', 'soe']), level: random.pick(['a', 'b', 'c']), phone: person.phone, region: firm.city, lifecycle: random.pick(['won', 'repeat']), annual_purchase: String(amount), last_deal_on: dayText(signed), renew_on: dayText(signed + 365 * DAY), primary_contact: deal.contact, health: random.int(55, 96) } },
      { op: 'create' as const, object: 'contact', id: deal.contact, owner, values: filled({ name: person.name, customer: deal.customer, title: person.title, decision_role: person.role, phone: person.phone, email: person.email, warmth: random.pick(['hot', 'warm']) }) },
      ...contractWrites(deal, `${firm.short}${world.word('need_type', deal.interest.need)}合同`, signed),
      { op: 'create' as const, object: 'payment', id: world.id(at), owner, values: { contract: deal.contract!, plan: deal.plans[0]!.id, amount: String(amount), paid_on: dayText(signed + 20 * DAY), method: 'transfer', confirmed: true } },
      { op: 'create' as const, object: 'order', id: world.id(at), owner, values: { customer: deal.customer, contract: deal.contract!, amount: String(amount), ordered_on: dayText(signed + 5 * DAY), signed_on: dayText(signed + 90 * DAY), status: 'signed', device_sn: `YQ-${random.hex(8).toUpperCase()}` } },
      ...(ticket ? [{ op: 'create' as const, object: 'ticket', id: world.id(at), owner, values: { title: random.pick(['报工终端偶发卡顿', '新增两台设备采集', '追溯报表加一列', '换班时段报工不上传']), customer: deal.customer, contact: deal.contact, kind: random.pick(['consult', 'repair']), severity: 'normal', description: '客户来电反映，已登记', status: random.pick(['working', 'resolved', 'closed']), confirmed_at: iso(at) } }] : []),
    ]
  })
  for (const part of writes) world.chronicle.note({ at, who, subject: 'old customers', imported: true, ip: world.ip(who)!, reason: '历史客户导入', writes: part })
}
