import type { zh } from '../zh/index.ts'

export const trace: Record<keyof typeof zh.trace, string> = {
  title: 'Trace', hint: 'From the trigger to what followed', whole: 'Whole story', came: 'a {object} came in', changed: 'a {object} changed: {fields}', follows: 'had run, and then', due: 'its time had come: {object}', noRules: 'No rule answered', version: 'version {n}', told: 'told {name}', read: 'read {when}', unread: 'not read yet', sent: 'sent ({channel}): {state}', saw: 'What was seen', next: 'Afterwards', nextNothing: 'Nobody has touched it in the week after', did: 'changed {fields}', state_ready: 'waiting', state_held: 'held', state_sent: 'delivered', state_sent_unknown: 'outcome unknown', state_dead: 'failed',
}
