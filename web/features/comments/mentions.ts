import { mention } from '#language/values'

export interface Person { id: number; name: string }

/** What stands before the caret after the last @, while a name may still be meant. */
export const askedAt = (text: string, caret: number): string | null => /(?:^|[^\w.])@([^\s@]{0,20})$/u.exec(text.slice(0, caret))?.[1] ?? null

/** The written text with every chosen name bound to its member; longer names first, so that 李娜 does not take 李娜娜. */
export function bound(text: string, people: readonly Person[]): string {
  const chosen = [...new Map(people.map((person) => [person.name, person])).values()].sort((a, b) => b.name.length - a.name.length)
  if (chosen.length === 0) return text
  const names = chosen.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return text.replace(new RegExp(`@(${names})`, 'gu'), (_, name: string) => mention(chosen.find((person) => person.name === name)!.id, name))
}
