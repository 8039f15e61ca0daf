import { t } from '../../i18n/index.ts'

const BROWSERS: [RegExp, string][] = [[/MicroMessenger/i, '微信'], [/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/HeadlessChrome|Chrome\//, 'Chrome'], [/Safari\//, 'Safari']]
const SYSTEMS: [RegExp, string][] = [[/iPhone|iPad/, 'iOS'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']]

/** 「Windows · Chrome」 from what the browser calls itself. */
export function agentName(agent: string | null): string {
  const find = (table: [RegExp, string][]) => table.find(([pattern]) => agent && pattern.test(agent))?.[1]
  return [find(SYSTEMS), find(BROWSERS)].filter(Boolean).join(' · ') || t('auth.unknownDevice')
}
