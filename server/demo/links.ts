import { about, filled } from './basics.ts'
import type { Who } from './history.ts'
import { atWork, DAY, HOUR, iso, MINUTE } from './working-time.ts'
import { isOpen, type World } from './world.ts'

const VIDEO = { name: '八分钟看懂云启 MES', target: 'https://www.yunqi.example/video/mes', kind: 'video' }

/** Whoever opens the demonstration as a salesperson finds both. */
const FIRST = 'lina'

/** Salespeople have sent the video to some of theirs: most have opened it, two have left two of them unopened. */
export function sentLinks(world: World): void {
  const long = world.leads.filter((lead) => isOpen(lead) && lead.touched && lead.owner !== null && lead.at < world.now - 8 * DAY)
  const [hers, others] = [long.filter(({ owner }) => owner === FIRST).slice(-2), long.filter(({ owner }) => owner !== FIRST).slice(-7)]
  for (const [i, lead] of [...hers.slice(0, 1), ...others, ...hers.slice(1)].entries()) {
    const sent = atWork(world.now - (7 - (i % 3)) * DAY, world.random)
    const opened = i < 7 ? sent + (i + 1) * HOUR : null
    send(world, lead, { at: sent, opened, name: VIDEO.name })
    if (opened === null) send(world, lead, { at: sent + DAY + 20 * MINUTE, opened: null, name: '汽车零部件工厂实录' })
  }
}

function send(world: World, lead: World['leads'][number], { at, opened, name }: { at: number; opened: number | null; name: string }): void {
  const who: Who = { member: lead.owner! }
  const id = world.id(at)
  world.chronicle.note({ at, who, subject: lead.id, ip: world.ip(who)!, writes: [{ op: 'create', object: 'tracking_link', id, owner: lead.owner!, values: filled({ ...VIDEO, name, subject: about(lead), sent_at: iso(at), active: true, carries: true }) }] })
  if (opened === null) return
  const visitor: Who = { form: `link:${name}` }
  world.chronicle.note({ at: opened, who: visitor, subject: lead.id, ip: world.ip(visitor)!, writes: [
    { op: 'create', object: 'behaviour', id: world.id(opened), values: { subject: about(lead), visitor: lead.visitor, kind: 'open_link', page: name, occurred_at: iso(opened) } },
    { op: 'update', object: 'tracking_link', id, values: { opens: 1, first_opened_at: iso(opened), last_opened_at: iso(opened) } },
  ] })
}
