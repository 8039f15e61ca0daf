import { call } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import type { PressFacts } from './offered.ts'

/** The most that one press may be about. */
export const PRESSED_AT_ONCE = 200

/** Presses the button of a rule; what it does shows by itself when it is done. */
export async function pressRule(rule: PressFacts, ids: readonly string[]): Promise<void> {
  try {
    const { pressed, refused } = await call('pressRule', { body: { rule: rule.key, ids: [...ids] } })
    say(t('rules.pressedSaid', { name: label(rule.label), n: String(pressed) }) + (refused > 0 ? ` · ${t('rules.notPressed', { n: String(refused) })}` : ''))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}
