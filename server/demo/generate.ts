import type { Solution } from '#language/definitions'
import type { Company } from '../../solutions/company.ts'
import { groundwork } from './base.ts'
import { settle } from './contracts.ts'
import { copies, oldCustomers } from './customers.ts'
import { gradeAll } from './grade.ts'
import type { Act, Who } from './history.ts'
import { arrivals, arrive } from './leads.ts'
import { comments, restlessDates, schedules, silentCustomers, tickets, unlockWishes } from './life.ts'
import { shifts } from './shifts.ts'
import { longDeal } from './long-deal.ts'
import { sentLinks } from './links.ts'
import { draftQuotes } from './signoffs.ts'
import { finish, transfer } from './today.ts'
import { atWork, DAY, HOUR } from './working-time.ts'
import { World } from './world.ts'

export interface DemoOptions {
  company: Company
  solution: Solution
  /** The present of the sample: everything happened before it. */
  now: Date
  seed?: number
  leads?: number
  days?: number
}

/** What happened in the sample company up to `now`, oldest first. The same options give the same past. */
export function generateDemo({ company, solution, now, seed = 20260901, leads = 8200, days = 90 }: DemoOptions): Act[] {
  const world = new World({ seed, now, leads, days, company, solution })
  groundwork(world)
  oldCustomers(world, 58)
  longDeal(world)
  for (const at of arrivals(world)) world.agenda.at(at, () => arrive(world, at))
  for (let i = 0; i < 7; i++) { const at = atWork(world.now - world.random.between(5, 13) * DAY, world.random); world.agenda.at(at, () => transfer(world, at)) }
  testLeads(world)
  world.agenda.run(world.now)
  settle(world)
  finish(world)
  restlessDates(world)
  copies(world)
  schedules(world)
  shifts(world)
  tickets(world, 26)
  silentCustomers(world)
  comments(world, 18)
  unlockWishes(world)
  sentLinks(world)
  draftQuotes(world)
  gradeAll(world)
  return world.chronicle.inOrder()
}

/** Somebody tried the form; the director cleaned up. */
function testLeads(world: World): void {
  const at = atWork(world.now - 6 * DAY, world.random)
  const who: Who = { member: 'zhoumin' }
  const made = ['测试一', '测试二', '测试三', '联调'].map((name) => ({ id: world.id(at), name }))
  world.chronicle.note({ at, who, subject: 'tests', ip: world.ip(who)!, writes: made.map(({ id, name }) => ({ op: 'create', object: 'lead', id, values: { name, company: '云启智能（内部测试）', is_test: true, status: 'invalid', invalid_reason: 'test' } })) })
  const boss: Who = { member: 'chenzhiyuan' }
  world.chronicle.note({ at: Math.min(at + 26 * HOUR, world.now - HOUR), who: boss, subject: 'tests', ip: world.ip(boss)!, reason: '清理测试数据', writes: made.slice(0, 3).map(({ id }) => ({ op: 'delete', object: 'lead', id })) })
}
