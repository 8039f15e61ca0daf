import type { Who, Write } from './history.ts'
import { filled } from './basics.ts'
import { DAY, dayText } from './working-time.ts'
import type { World } from './world.ts'

const PRODUCTS: readonly (readonly [code: string, name: string, category: string, unit: string, price: number, discount: number])[] = [
  ['YQ-MES-B', '云启 MES 基础版', 'licence_base', 'set', 180_000, 85], ['YQ-MES-P', '云启 MES 专业版', 'licence_base', 'set', 360_000, 88], ['YQ-APS', '高级排产模块', 'licence_module', 'set', 120_000, 88], ['YQ-QMS', '质量追溯模块', 'licence_module', 'set', 90_000, 88],
  ['YQ-WMS', '线边仓模块', 'licence_module', 'set', 68_000, 88], ['YQ-SCADA', '设备采集（每点）', 'licence_module', 'point', 1_200, 90], ['YQ-IMP', '实施交付', 'service_delivery', 'day', 2_800, 95], ['YQ-TRN', '现场培训', 'service_training', 'day', 2_000, 95],
  ['YQ-SUP', '年度运维', 'service_support', 'year', 48_000, 95], ['YQ-TM10', '工位终端 10 寸', 'terminal', 'piece', 3_600, 92], ['YQ-GW4', '采集网关 4 口', 'gateway', 'piece', 2_400, 92],
]
export const priceOf = (code: string): number => PRODUCTS.find(([each]) => each === code)![4]
export const taxOf = (code: string): number => taxRate(PRODUCTS.find(([each]) => each === code)![2])
const taxRate = (category: string): number => (category.startsWith('licence') ? 13 : 6)
const CAMPAIGNS: readonly (readonly [key: string, name: string, channel: string, budget: number, utm: string])[] = [
  ['search', '秋季搜索投放：MES 选型', 'search', 180_000, 'mes2026'], ['douyin', '抖音信息流：车间实拍', 'douyin', 120_000, 'workshop'], ['expo', '工业博览会展位', 'exhibition', 260_000, 'ciif2026'], ['salon', '苏州汽车零部件数字化沙龙', 'event', 45_000, 'salon2026'],
  ['wechat', '公众号菜单与图文', 'wechat', 36_000, 'official'], ['webinar', '线上公开课：一条线怎样上 MES', 'event', 12_000, 'webinar'],
]
const MATERIALS: readonly (readonly [code: string, name: string, kind: string, industries: string[]])[] = [
  ['mes_whitepaper', 'MES 实施白皮书', 'whitepaper', []], ['auto_parts_case', '汽车零部件追溯案例', 'case', ['auto_parts']], ['medical_case', '医疗器械 UDI 追溯案例', 'case', ['medical_device']],
  ['selection_checklist', '制造业数字化诊断清单', 'whitepaper', []], ['comparison', '主流 MES 对比表', 'comparison', []], ['quote_template', '标准报价模板', 'quote_template', []],
  ['electronics_case', '消费电子防错与追溯案例', 'case', ['consumer_electronics', 'pcb']], ['food_case', '食品批次追溯与召回演练案例', 'case', ['food_processing']], ['aps_paper', '排产从 Excel 到系统：三步走', 'whitepaper', []],
  ['subsidy_policy', '智能制造补贴政策汇编', 'policy', []], ['tour_video', '八分钟看懂云启 MES', 'video', []], ['security_paper', '数据安全与私有部署说明', 'whitepaper', []],
]
const LINKS = [['expo', '工博会展位二维码', 'https://www.yunqi.example/expo', 'exhibition'], ['wechat', '公众号菜单：预约演示', 'https://www.yunqi.example/wechat', 'wechat']] as const
const INTEL = [['鼎信 MES', '对老客户推出三年打包价，实施费打七折', 'verified'], ['华络云', '新版移动报工支持离线，演示时被客户问到', 'verified'], ['博工智造', '华南办事处撤掉两名售前', 'unverified'], ['群工软件', '汽车零部件行业开始免费做现场诊断', 'unverified'], ['北川科技', '与两家设备厂商签了捆绑销售，采集网关免费', 'verified'], ['鼎信 MES', '苏州实施团队外包，客户抱怨换人三次', 'verified'],
  ['华络云', '按年订阅价下调 15%，合同期改为两年起', 'unverified'], ['博工智造', '招标文件里写了自有专利，疑似围标参数', 'rejected'], ['群工软件', '新发布排产模块，演示数据为合成', 'unverified'], ['自研', '客户信息部提出自研报工，预算已批一期', 'verified']] as const

/** What the company had before the first of these days: products, campaigns, pools, targets. */
export function groundwork(world: World): void {
  const at = world.dawn
  const make = (object: string, values: Record<string, unknown>, known?: string, owner?: string): Write => {
    const id = world.id(at)
    if (known !== undefined) world.known.set(known, id)
    return { op: 'create', object, id, values, ...(owner !== undefined && { owner }) }
  }
  const months = [-2, -1, 0].map((back) => { const day = new Date(world.now + 8 * 3_600_000); return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + back, 1)).toISOString().slice(0, 10) })
  const who: Who = { member: 'zhoumin' }
  const writes = [
    ...PRODUCTS.map(([code, name, category, unit, price, least]) => make('product', { code, name, category, unit, price: String(price), min_discount: String(least), tax: String(taxRate(category)), warranty: category === 'terminal' || category === 'gateway' ? 24 : 12 }, `product:${code}`)),
    ...CAMPAIGNS.map(([key, name, channel, budget, utm]) => make('campaign', { name, channel, utm_campaign: utm, starts_on: dayText(world.from), ends_on: dayText(world.now + 30 * DAY), budget: String(budget), spent: String(Math.round(budget * 0.7)), short_link: `https://www.yunqi.example/s/${key}` }, `campaign:${key}`)),
    ...LINKS.map(([campaign, name, target, channel]) => make('tracking_link', { name, target, kind: 'form', channel, campaign: world.known.get(`campaign:${campaign}`), sent_at: new Date(at).toISOString(), active: true, carries: true }, `link:${campaign}`)),
    ...MATERIALS.map(([code, name, kind, industries]) => make('material', filled({ code, name, kind, industries: industries.length > 0 ? industries : null }))),
    ...[['east', '华东公海'], ['north', '华北公海'], ['south', '华南公海']].map(([key, name]) => make('pool', { name, team: { team: key }, note: '每日领取不超过 10 条，退回须写原因' }, `pool:${key}`)),
    ...INTEL.map(([competitor, content, status]) => make('intel', { competitor, content, status, ...(status !== 'unverified' && { verified_by: { member: 'fangrui' } }) })),
    ...world.sales.flatMap((member) => months.map((month) => make('target', { name: `${world.member(member).name} ${month.slice(0, 7)} 签约`, member: { member }, month, metric: 'signed', goal: '300000' }, undefined, member))),
    ...['east', 'north', 'south'].flatMap((team) => months.flatMap((month) => ([['payment', '回款', '900000'], ['new_customer', '新客户', '6'], ['follow_up', '跟进', '1200']] as const).map(([metric, label, goal]) => make('target', { name: `${world.company.teams.find(({ key }) => key === team)!.name} ${month.slice(0, 7)} ${label}`, team: { team }, month, metric, goal })))),
  ]
  writes.push(...['a', 'b'].flatMap((level) => PRODUCTS.slice(0, 4).map(([code, name, , , price]) => make('price_book', { name: `${name}（${level.toUpperCase()} 级）`, product: world.known.get(`product:${code}`), level, price: String(Math.round(price * (level === 'a' ? 0.9 : 0.95))), valid_from: dayText(at) }))))
  world.chronicle.note({ at, who, subject: 'groundwork', ip: world.ip(who)!, reason: '上线准备', writes })
}
