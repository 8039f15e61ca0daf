import type { Principal } from '#kernel/access'
import type { Action } from '#language/definitions'
import { formatClock } from '#language/values'
import { shownField, titleOf } from '../display.ts'
import { leave, recipients, type Reached } from '../notices.ts'
import { keptUntil } from '../own.ts'
import { said } from '../pushed.ts'
import type { Row } from '../plan.ts'
import type { Act, Perform } from '../scene.ts'
import { askChildren, type ChildQuery } from '../world.ts'

type Notify = Extract<Action, { do: 'notify' }>

/** Tells people; each reads it with their own rights. Nobody there: the step says so. */
export const notify: Perform = (act) => {
  const action = act.action.action as Notify
  if (act.plan.dry) return foresee(act, action)
  const members = recipients(act, action.to)
  if (members === undefined) return undefined
  if (members.length === 0) return { kind: action.kind, why: 'no_recipient' }
  const told = members.map((member) => tell(act, member, action))
  if (told.includes(undefined)) return undefined
  const to = told.filter((member) => typeof member === 'number')
  if (to.length === 0 && told.includes('merged')) return { kind: action.kind, why: 'merged' }
  const later = to.flatMap((member) => { const until = keptUntil(act, member); return until ? [{ member, until: until.toISOString() }] : [] })
  return { kind: action.kind, to, ...(later.length > 0 && { later }) }
}

/** The member; null when they are not active, `merged` when what is told already stands for this; undefined while something is being fetched. */
function tell(act: Act, to: Reached, { kind, title, body, latest }: Notify): number | 'merged' | null | undefined {
  const reader = act.plan.world.principal(to.member)
  const lines = latest ? latestLines(act, latest, reader ?? null) : []
  if (!reader || !lines) return reader === null ? null : undefined
  const [head, text] = [title, body ?? ''].map((each) => said(each, act, reader))
  if (head === undefined || text === undefined) return undefined
  return leave(act, to, { kind, title: head, body: [text, ...lines].filter(Boolean).join('\n') }) ? to.member : 'merged'
}

/** A dry plan tells nobody; it has asked for who is on duty, and for the children that the message will show. */
function foresee(act: Act, { to, latest }: Notify): undefined {
  const { plan, target } = act
  recipients(act, to)
  if (latest) askChildren(plan.world.promised, { query: newest(latest, target), of: target.object, id: target.id })
}

const newest = ({ object, via, count }: NonNullable<Notify['latest']>, target: Row): ChildQuery =>
  ({ key: `latest ${target.object} ${object} ${via} ${count}`, object, via, where: null, order: 'newest', limit: count })

/** The newest children as lines: when, and what they are called. */
function latestLines({ plan, target }: Act, latest: NonNullable<Notify['latest']>, reader: Principal | null): string[] | undefined {
  const children = plan.children(newest(latest, target), target)
  const lines = children?.map((child) => line(child, { plan, reader }))
  return lines?.includes(undefined) ? undefined : (lines as string[] | undefined)
}

function line(child: Row, reading: { plan: Act['plan']; reader: Principal | null }): string | undefined {
  const { metadata, now, tenant } = reading.plan.ctx
  const { title, subtitle = [] } = metadata.objects.get(child.object)!
  const parts = [titleOf(child, reading), ...subtitle.map((key) => shownField(child, key, reading))]
  if (parts.includes(undefined)) return undefined
  return [formatClock(String(child.values['created_at']), now, tenant.zone), ...new Set(parts)].filter(Boolean).join(' · ') || title
}
