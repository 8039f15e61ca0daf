import type { RouteAnswer, Routes } from '#contract/api'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'

export type Answer = RouteAnswer<Routes['ownAutomation']>
export type Settings = Answer['settings']
export type Slot = Settings['slots'][number]
export const ownQuery = { queryKey: keys.ownAutomation, queryFn: () => call('ownAutomation', {}) } as const

/** In force at once; the message takes it back. */
export async function settle(before: Settings, next: Partial<Settings>, said: string): Promise<boolean> {
  const put = async (settings: Settings) => void queries.setQueryData(keys.ownAutomation, await call('setOwnAutomation', { body: settings }))
  try {
    await put({ ...before, ...next })
    say(said, () => put(before))
    return true
  } catch (error) {
    sayTrouble(sentenceOf(error))
    return false
  }
}

/** 「周三 15:00 之后」 */
export function slotText({ days, from, to }: Slot): string {
  const words = { days: daysText(days), from, to: to ?? '' }
  if (to === null && from === '00:00') return `${words.days} ${t('ownAutomation.wholeDay')}`
  return t(to === null ? 'ownAutomation.slotOpen' : 'ownAutomation.slot', words)
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
export const dayName = (day: number): string => t(`rules.weekday_${day as (typeof WEEKDAYS)[number]}`)
function daysText(days: readonly number[]): string {
  const known = [...new Set(days)].sort((a, b) => a - b)
  const named: Record<string, string> = { '1234567': t('ownAutomation.everyDay'), '12345': t('ownAutomation.workdays'), '67': t('ownAutomation.weekend') }
  return named[known.join('')] ?? known.map(dayName).join(t('ownAutomation.dayGap'))
}
