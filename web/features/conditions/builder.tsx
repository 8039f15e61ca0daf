import type { Condition, Problem, Profile } from '#language/conditions'
import { checkCondition } from '#language/conditions'
import { useMemo } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { label, lang, t } from '../../i18n/index.ts'
import css from './builder.module.css'
import { GroupRows } from './group-rows.tsx'
import { schemaFor } from './sentence.ts'
import { groupOf, topGroup } from './tree.ts'

export interface BuilderProps { object: string; value: Condition; onChange: (condition: Condition) => void; profile?: Profile; empty?: string }

/** Builds the one condition language by hand: rows of field, comparison, value; groups inside groups; related records counted. What is unfinished says so beside itself. */
export function Builder({ object, value, onChange, profile = 'filter', empty }: BuilderProps) {
  const catalogue = useCatalogue()
  const problems = useMemo(() => problemsOf(checkCondition(value, schemaFor(catalogue, object), profile)), [value, catalogue, object, profile])
  const group = topGroup(value)
  return (
    <div className={css.builder}>
      {group.parts.length === 0 && <p className="hint">{empty ?? t('conditions.everything', { object: label(catalogue.object(object)?.label) })}</p>}
      <GroupRows group={group} onChange={(next) => onChange(groupOf(next))} scope={{ object, profile, depth: 0, path: pathStart(value), problems }} />
    </div>
  )
}

const pathStart = (value: Condition): string => ('all' in value ? 'all' : 'any' in value ? 'any' : 'not' in value && 'any' in value.not ? 'not.any' : '')
const problemsOf = (result: ReturnType<typeof checkCondition>): readonly Problem[] => (result.ok ? [] : result.problems)

export interface Scope { object: string; profile: Profile; depth: number; path: string; problems: readonly Problem[] }
export const problemAt = (scope: Scope, path: string): string | undefined => {
  const found = scope.problems.find((each) => each.path === path || each.path.startsWith(`${path}.`))
  return found?.[lang()]
}
