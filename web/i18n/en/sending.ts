import type { zh } from '../zh/index.ts'

export const sending: Record<keyof typeof zh.sending, string> = {
  to: 'Sent to {host}', out: 'Sent out ({channel})', state_waiting: 'waiting', state_held: 'held: the rule is off', state_restored: 'held since the restore, until it is released', state_missing: 'held: the channel is not connected', state_retrying: 'not there yet, tried again later', state_unconfirmed: 'sent, not confirmed', state_delivered: 'delivered', state_refused: 'refused', state_failed: 'given up after many attempts', state_cancelled: 'not sent: its rule was removed', state_unknown: 'outcome unknown', times: 'attempt {n}', why: 'Why: {reason}',
}
