import { t } from '../../i18n/index.ts'

export const share = (part: number | null): string => (part === null ? '—' : `${(part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0)}%`)

/** Seconds as people say them. */
export function time(seconds: number | null): string {
  if (seconds === null) return '—'
  if (seconds < 90) return t('reweigh.seconds', { n: Math.round(seconds) })
  if (seconds < 5400) return t('reweigh.minutes', { n: Math.round(seconds / 60) })
  if (seconds < 36 * 3600) return t('reweigh.hours', { n: (seconds / 3600).toFixed(1) })
  return t('reweigh.days', { n: (seconds / 86_400).toFixed(1) })
}
