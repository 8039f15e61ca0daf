import { drawUp, pay, rowsFor, worth, type Item } from './contracts.ts'
import { colleague, company, known, person } from './customers.ts'
import type { Who, Write } from './history.ts'
import { appointment, atWork, DAY, dayText, HOUR, iso } from './working-time.ts'
import type { World } from './world.ts'

/** Days ago, what was done, with which result, what was noted, and where the opportunity went by it. */
const STORY: readonly (readonly [ago: number, method: string, result: string, note: string, stage?: string])[] = [
  [330, 'visit', 'interested', '第一次拜访，总经理带着看了总装线；三条线进度全靠白板，想先把追溯做起来'],
  [316, 'phone', 'follow_later', '信息部在做年度预算，过完年再谈'],
  [281, 'wechat', 'interested', '年后恢复联系，预算报了 120 万，等集团批'],
  [262, 'demo', 'demoed', '现场演示两小时，车间主任和质量部都在，要求加委外工序', 'demoed'],
  [240, 'email', 'sampled', '两台工位终端寄到现场试用，物流单号已发客户', 'sampled'],
  [214, 'visit', 'interested', '试用反馈：报工快，采集老设备要加网关；竞品鼎信也在谈'],
  [190, 'phone', 'follow_later', '集团换了分管副总，项目重新汇报一次'],
  [168, 'visit', 'interested', '向新任副总汇报方案，认可分两期走', 'solution'],
  [149, 'phone', 'interested', '商务启动，要求先出一期报价', 'quote_approved'],
  [141, 'email', 'quoted', '一期报价已发，含三年运维', 'quoted'],
  [122, 'visit', 'follow_later', '采购要求三家比价，招投标办介入'],
  [101, 'phone', 'interested', '比价结束，我们第二低但方案分最高'],
  [84, 'email', 'quoted', '第二版报价：实施分两期，终端改租用'],
  [62, 'visit', 'interested', '法务过合同，付款节点改为 3-6-1', 'contract_reviewed'],
  [33, 'phone', 'interested', '最后确认上线日期，等用印'],
  [18, 'visit', 'interested', '双方签字，合影发了朋友圈', 'signed'],
  [6, 'phone', 'interested', '首款到账，实施进场排期', 'paid'],
]
const WIN: Readonly<Record<string, number>> = { demoed: 30, sampled: 40, solution: 50, quote_approved: 60, quoted: 70, contract_reviewed: 80, signed: 100, paid: 100 }

/** One deal that took eleven months, with everything that was said about it. */
export function longDeal(world: World): void {
  const owner = 'lina'
  const who: Who = { member: owner }
  const at = (ago: number): number => Math.min(atWork(world.now - ago * DAY, world.random), world.now - DAY)
  const born = at(331)
  const party = { ...known(world, born), owner }
  const [deal, quotes] = [world.id(born), [world.id(at(149)), world.id(at(84))] as const]
  const amount = worth(itemsOf(2)).net
  world.chronicle.note({ at: born, who, subject: deal, ip: world.ip(who)!, writes: [
    { op: 'create', object: 'customer', id: party.customer, owner, values: { ...company(party), segment: 'private_large', level: 'a', lifecycle: 'intent', has_competitor: true } }, person(world, party), colleague(world, party, born), colleague(world, party, born),
    { op: 'create', object: 'opportunity', id: deal, owner, values: { name: `${party.firm.short} MES 一期`, customer: party.customer, contact: party.contact, amount: '1200000', close_on: dayText(world.now - 200 * DAY), purchase_on: dayText(world.now - 180 * DAY), stage: 'analysis', win_rate: '10', competitor: '鼎信 MES', evidence: 'weak' } },
  ] })
  let last = born
  for (const [ago, method, result, note, stage] of STORY) {
    // Both of two neighbouring days may have been moved to the same Monday.
    const when = (last = Math.max(at(ago), last + HOUR))
    world.chronicle.note({ at: when, who, subject: deal, ip: world.ip(who)!, writes: [
      { op: 'create', object: 'activity', id: world.id(when), owner, values: { subject: { object: 'opportunity', id: deal }, method, result, next_at: iso(appointment(when, 9, world.random)), resource: stage === 'solution' ? 'presales' : stage === 'contract_reviewed' ? 'legal' : 'none', note } },
      ...(stage ? [{ op: 'update' as const, object: 'opportunity', id: deal, values: { stage, win_rate: String(WIN[stage]), evidence: stage === 'signed' ? 'strong' : 'weak', ...(stage === 'signed' && { won_amount: String(amount) }), ...(stage === 'quote_approved' && { amount: String(amount) }), ...(stage === 'solution' && { close_on: dayText(world.now - 60 * DAY) }) } }] : []),
      ...papers(world, { when, stage, ago, deal, quotes, party }),
    ] })
    if (stage === 'paid') pay(world, world.dues.find(({ opportunity, term }) => opportunity === deal && term === 1)!, { at: when })
  }
  voices(world, deal)
}

/** The second version takes something off the software and needs fewer days. */
const itemsOf = (ver: 1 | 2): Item[] => ([['YQ-MES-P', 1, ver === 1 ? 0 : 5], ['YQ-QMS', 1, 0], ['YQ-TM10', 20, 0], ['YQ-IMP', ver === 1 ? 90 : 80, 0], ['YQ-SUP', 3, 0]] as const).map(([code, quantity, off], i) => ({ code, quantity, off, position: i + 1 }))

interface Moment { when: number; stage: string | undefined; ago: number; deal: string; quotes: readonly [string, string]; party: ReturnType<typeof known> }

function papers(world: World, { when, stage, ago, deal, quotes, party: { customer, firm } }: Moment): Write[] {
  const owner = 'lina'
  const version = (ver: 1 | 2): Write[] => [
    { op: 'create', object: 'quote', id: quotes[ver - 1]!, owner, values: { opportunity: deal, customer, ver, valid_until: dayText(when + 45 * DAY), approval: 'approved' } },
    ...rowsFor(world, { object: 'quote', id: quotes[ver - 1]!, owner, at: when }, itemsOf(ver)),
    { op: 'update', object: 'opportunity', id: deal, values: { quote: quotes[ver - 1]! } },
  ]
  if (stage === 'quote_approved') return version(1)
  if (ago === 84) return version(2)
  if (stage === 'quoted') return [{ op: 'update', object: 'quote', id: quotes[0], values: { sent_at: iso(when) } }]
  if (stage !== 'signed') return []
  return [...drawUp(world, { owner, customer, name: firm.short, about: ' MES 一期', amount: worth(itemsOf(2)).gross, signed: when, at: when, dueAfter: [30, 75, 150], quote: quotes[1], opportunity: deal, items: itemsOf(2) }), { op: 'update', object: 'customer', id: customer, values: { lifecycle: 'won', last_deal_on: dayText(when) } }]
}

/** What colleagues said beside it. */
function voices(world: World, deal: string): void {
  const said: readonly (readonly [ago: number, member: string, text: string])[] = [
    [261, 'wanghaiyan', '演示反馈不错，委外工序让售前先出一页说明'], [189, 'lina', '换了分管副总，需要陈总一起拜访一次'], [188, 'chenzhiyuan', '下周三我去，先把同行案例备好'],
    [121, 'wanghaiyan', '比价阶段不要再降单价，谈付款节点'], [61, 'guheng', '付款节点改 3-6-1 可以，违约金条款保持不变'], [17, 'heliqun', '十一个月，辛苦了'],
  ]
  for (const [ago, member, text] of said) {
    const at = Math.min(atWork(world.now - ago * DAY, world.random), world.now - DAY)
    world.chronicle.note({ at, who: { member }, subject: deal, ip: world.ip({ member })!, writes: [{ op: 'create', object: 'comment', id: world.id(at), owner: member, values: { subject: { object: 'opportunity', id: deal }, text } }] })
  }
}
