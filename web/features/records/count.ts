import { number } from '../../design/format.ts'
import { lang, t } from '../../i18n/index.ts'

/** Exact up to ten thousand, above it no number is pretended. */
export function countText(count: { exact: number } | { atLeast: number }): string {
  if ('exact' in count) return t('common.rows', { n: number(count.exact) })
  return t('common.rowsMany', { n: lang() === 'zh' && count.atLeast >= 10_000 ? `${Math.floor(count.atLeast / 10_000)} 万` : number(count.atLeast) })
}
