import type { zh } from '../zh/index.ts'

export const trace: Record<keyof typeof zh.trace, string> = {
  title: 'Trace', hint: 'From the trigger to what followed', whole: 'Whole story', came: 'a {object} came in', changed: 'a {object} changed: {fields}', follows: 'had run, and then', answered: 'answered: {object}', decided: 'somebody decided: {object}', woken: 'by {what}: {object}', touched: '{object} changed', due: 'its time had come: {object}', noRules: 'No rule answered', version: 'version {n}', told: 'told {name}', read: 'read {when}', unread: 'not read yet', saw: 'What was seen', next: 'Afterwards', nextNothing: 'Nobody has touched it in the week after', did: 'changed {fields}',
}
