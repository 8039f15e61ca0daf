import type { Rule } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import css from './rules.module.css'

/** Everybody's rules, or those of the departments that one leads. */
export const mayBuild = (catalogue: Catalogue): boolean => catalogue.can('rules') || (catalogue.can('teamRules') && catalogue.me.leads.length > 0)

/** For whose records it is: the whole company's, or one department's and those below it. */
export function RuleTeam({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const catalogue = useCatalogue()
  const everywhere = catalogue.can('rules')
  const teams = catalogue.teams.filter(({ id }) => everywhere || catalogue.me.leads.includes(id))
  if (teams.length === 0) return null
  const put = (team: string | null) => { const { team: _, ...rest } = rule; onChange(team === null ? rest : { ...rest, team: Number(team) }) }
  return (
    <div className={css.team}>
      <span>{t('rules.team')}</span>
      <Picker label={t('rules.team')} clearable={everywhere} placeholder={t('rules.wholeCompany')} value={rule.team === undefined ? null : String(rule.team)} options={teams.map(({ id, name }) => ({ value: String(id), label: name }))} onPick={put} />
    </div>
  )
}
