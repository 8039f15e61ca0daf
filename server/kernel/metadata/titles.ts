import type { Metadata } from './types.ts'

/** How the rules behind one act are called: the one rule's name, or the first with how many there were. */
export function rulesTitle({ rules, gradings }: Metadata, keys: readonly string[], lang: 'zh' | 'en'): string {
  const first = keys[0] ?? ''
  const name = (rules.get(first) ?? gradings.get(first.replace(/^grading:/, '')))?.label[lang] ?? first
  if (keys.length < 2) return name
  return lang === 'zh' ? `${name} 等 ${keys.length} 条规则` : `${name} and ${keys.length - 1} more`
}
