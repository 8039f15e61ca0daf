import type { Definition } from '../../api/definitions.ts'
import { label, t } from '../../i18n/index.ts'

type Held = Pick<Definition<'rule'>, 'key' | 'body' | 'publishedBy'>

/** By the number in the name of the group; within it who comes first. */
export const inOrder = <R extends Held>(rules: readonly R[]): R[] => [...rules].sort((a, b) => order(a.body) - order(b.body))
const order = ({ group, priority }: Held['body']): number => Number(/\d+/.exec(group ?? '')?.[0] ?? 99) * 1000 + priority

/** What counts as one: the rules of a group together, each of the others alone. */
export const groupsOf = <R extends Held>(rules: readonly R[]): R[][] => [...Map.groupBy(inOrder(rules), ({ key, body }) => body.group ?? key).values()]

export const groupName = ({ body }: Held): string => (body.group ? t('rules.groupNamed', { name: body.group }) : label(body.label))

const FEW = 3
/** Of the first three groups those that have done nothing yet, once somebody has switched on more. What a solution came with is nobody's haste. */
export function unproven<R extends Held>(groups: readonly R[][], hasRun: (rule: string) => boolean): R[][] {
  const isHasty = groups.slice(FEW).flat().some(({ publishedBy }) => publishedBy?.kind === 'member')
  return isHasty ? groups.slice(0, FEW).filter((rules) => !rules.some(({ key }) => hasRun(key))) : []
}
