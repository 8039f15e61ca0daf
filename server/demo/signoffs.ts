import { memberContext, type Context } from '#kernel/access'
import { decideApproval, drain, pressFor } from '#kernel/automation'
import type { Database, Tenant } from '#platform/db'
import { isLive, itemsFor } from './deals.ts'
import { rowsFor } from './contracts.ts'
import type { Who } from './history.ts'
import { DAY, dayText, MINUTE } from './working-time.ts'
import type { World } from './world.ts'

const RULE = 'quote_signoff'

/** What is taken off, how large it is, and what those who were asked have said so far, in turn; the last of them may still be silent. */
interface Signoff { supervisor: string; off: number; most: number; said: readonly (true | string)[] }
export const SIGNOFFS: readonly Signoff[] = [
  // The refused one stands first: on days on which little was sold too it is hers whose come first.
  { supervisor: 'wanghaiyan', off: 8, most: 320_000, said: ['折扣可以谈到 95 折，先把付款改成 5-4-1 再报'] },
  { supervisor: 'liujianjun', off: 12, most: 600_000, said: [true, true] },
  { supervisor: 'wanghaiyan', off: 5, most: 320_000, said: [true] },
  { supervisor: 'wanghaiyan', off: 14, most: 600_000, said: [true] },
  { supervisor: 'wanghaiyan', off: 6, most: 320_000, said: [] },
  { supervisor: 'liujianjun', off: 15, most: 600_000, said: [] },
  { supervisor: 'liujianjun', off: 22, most: 1_200_000, said: [true, true] },
]
/** Whose quotes come first in a team. */
const FIRST = 'lina'

/** Quotes that were drawn up this morning, one for each sign-off, in their order: for deals that have none yet, where these are too few for another offer. */
export function draftQuotes(world: World): void {
  const settled = world.deals.filter(({ since }) => since < world.now - 2 * DAY)
  const first = settled.filter(({ stage, quote }) => ['solution', 'sampled', 'demoed', 'analysis'].includes(stage) && quote === null)
  const free = [...first, ...settled.filter((deal) => isLive(deal.stage) && !first.includes(deal))]
  const taken = new Set<string>()
  SIGNOFFS.forEach(({ supervisor, off, most }, i) => {
    const mine = free.filter(({ id, owner }) => !taken.has(id) && world.supervisorOf(owner) === supervisor)
    const deal = mine.find(({ owner }) => owner === FIRST) ?? mine[0]
    if (!deal) return
    taken.add(deal.id)
    const at = world.now - (SIGNOFFS.length - i) * 3 * MINUTE
    const [id, who] = [world.id(at), { member: deal.owner } satisfies Who]
    const items = itemsFor(most === 1_200_000 ? most : Math.min(deal.amount, most), world.random).map(([code, quantity], n) => ({ code, quantity, off, position: n + 1 }))
    world.chronicle.note({ at, who, subject: id, ip: world.ip(who)!, writes: [
      { op: 'create', object: 'quote', id, owner: deal.owner, values: { opportunity: deal.id, customer: deal.customer, valid_until: dayText(world.now + 30 * DAY), approval: 'draft' } },
      ...rowsFor(world, { object: 'quote', id, owner: deal.owner, at }, items),
    ] })
  })
}

/** Whoever drew them up asks, and those who are asked answer: the engine carries it on as it does every day. */
export async function signOff(db: Database, tenant: Tenant): Promise<void> {
  const drafts = await db.read(tenant, (tx) => tx.query<{ id: string; owner: number }>(`select id, owner from {t}.o_quote where f_approval = 'draft' and gone_act is null order by created_at, id`))
  const as = (member: number, work: (ctx: Context) => Promise<unknown>) => db.mutate(tenant, async (tx) => void (await work(await memberContext(tx, member))))
  for (const { id, owner } of drafts) await as(owner, (ctx) => pressFor(ctx, { rule: RULE, object: 'quote', ids: [id] }))
  await drain(db, tenant)
  for (let turn = 0; turn < 2; turn++) {
    for (const [i, { id }] of drafts.entries()) {
      const said = SIGNOFFS[i]?.said[turn]
      if (said === undefined) continue
      const [asked] = await db.read(tenant, (tx) => tx.query<{ id: string; member: number }>(`select id, asked[1] as member from {t}.approval where record = $1 and state is null`, [id]))
      await as(asked!.member, (ctx) => decideApproval(ctx, asked!.id, { agree: said === true, reason: said === true ? '' : said }))
    }
    await drain(db, tenant)
  }
}
