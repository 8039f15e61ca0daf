import { lensOf, type Context, type Principal } from '#kernel/access'
import { HIDDEN, rendered } from './display.ts'
import type { Act } from './scene.ts'
import type { Pushed } from './types.ts'

const SLOT = /\{\{\s*pushed\.([a-z][a-z0-9_]*)\s*\}\}/g

/** Of one value in a text; whole characters, as half of one is no text. */
const MOST_SIGNS = 200

/** What a text is about. */
type About = Pick<Act, 'plan' | 'event' | 'rule' | 'target'>

/** A text of a rule for one reader: fields of the record, and what another system sent (`{{pushed.name}}`), which is as hidden as the field that it is written to. */
export function said(template: string, act: About, reader: Principal | null): string | undefined {
  const text = rendered(template, act.target, { plan: act.plan, reader })
  return text?.includes('{{') ? text.replace(SLOT, (_, name: string) => sent(name, act, reader)) : text
}

function sent(name: string, { plan: { ctx }, event, rule: { rule: { trigger } } }: About, reader: Principal | null): string {
  const taken = trigger.on === 'pushed' ? trigger.values.find((each) => each.name === name) : undefined
  const given = event.timer?.pushed?.values?.[name]
  if (!taken || given === undefined) return ''
  const hidden = reader !== null && taken.field !== undefined && lensOf({ ...ctx, principal: reader }, trigger.object).field(taken.field)?.read !== 'full'
  return hidden ? HIDDEN : [...String(given).toWellFormed()].slice(0, MOST_SIGNS).join('')
}

/** What another system sent about a record is to be answered by the rule whose address it came to: once for each. One statement. */
export async function ringPushed({ tx }: Pick<Context, 'tx'>, { rule, object, record, pushed }: { rule: string; object: string; record: string; pushed: Pushed }): Promise<void> {
  await tx.query(`insert into {t}.timer (key, due_at, kind, payload) values ('pushed:' || $1::text || ':' || $4::text, $2, 'pushed', $3) on conflict (key) do nothing`,
    [rule, tx.now, JSON.stringify({ object, record, name: rule, pushed }), pushed.id], { name: 'ring pushed' })
}
