import { useState } from 'react'
import type { Rule } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { putDefinition, type Definition, type RuleState } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import css from './rules.module.css'

type Pilot = NonNullable<Rule['pilot']>

/** Who tries it first, by name. */
export function pilotText(catalogue: Catalogue, { teams, members }: Pilot): string {
  const names = [...teams.map((id) => catalogue.team(id)?.name), ...members.map((id) => catalogue.member(id)?.name)]
  return names.map((name) => name ?? t('common.unknownMember')).join(t('common.listGap'))
}

/** For everybody at once, or tried first by a few. */
export function RulePilot({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const catalogue = useCatalogue()
  const { pilot, ...whole } = rule
  const put = ({ teams, members }: Pilot) => onChange(teams.length + members.length === 0 ? whole : { ...whole, pilot: { teams, members } })
  const choose = (who: 'all' | 'few') => onChange(who === 'all' ? whole : { ...whole, pilot: pilot ?? { teams: [], members: [catalogue.me.id] } })
  return (
    <div className={css.team} data-wraps>
      <span>{t('rules.pilotFor')}</span>
      <Choice<'all' | 'few'> label={t('rules.pilotFor')} value={pilot ? 'few' : 'all'} options={[{ value: 'all', label: t('rules.pilotAll') }, { value: 'few', label: t('rules.pilotFew') }]} onChoose={choose} />
      {pilot && <>
        <span data-pick><MultiPicker label={t('rules.pilotTeams')} placeholder={t('rules.pilotTeams')} value={pilot.teams.map(String)} options={catalogue.teams.map(({ id, name }) => ({ value: String(id), label: name }))} onPick={(teams) => put({ ...pilot, teams: teams.map(Number) })} /></span>
        <span data-pick><MultiPicker label={t('rules.pilotMembers')} placeholder={t('rules.pilotMembers')} value={pilot.members.map(String)} options={catalogue.members.map(({ id, name }) => ({ value: String(id), label: name }))} onPick={(members) => put({ ...pilot, members: members.map(Number) })} /></span>
        <span className={css.pilotHelp}>{t('rules.pilotHelp')}</span>
      </>}
    </div>
  )
}

/** It is on for a few; one press makes it everybody's. */
export function PilotBar({ stored, changed }: { stored: Definition<'rule'> | null; changed: boolean }) {
  const catalogue = useCatalogue()
  const [busy, setBusy] = useState(false)
  if (!stored || stored.state !== 'active' || !stored.body.pilot) return null
  const { pilot, ...whole } = stored.body
  const put = (body: Rule, expectVersion?: number) => putDefinition('rule', { key: stored.key, body, state: stored.state as RuleState, ...(expectVersion !== undefined && { expectVersion }) })
  const widen = async () => {
    setBusy(true)
    await put(whole, stored.version).then(({ version }) => say(t('rules.pilotWidened'), () => put(stored.body, version).catch((error: unknown) => sayTrouble(sentenceOf(error)))), (error: unknown) => sayTrouble(sentenceOf(error)))
    setBusy(false)
  }
  return (
    <div className={css.pilot} role="status">
      <Icon name="people" /><span className="grow"><b>{t('rules.pilotNow', { who: pilotText(catalogue, pilot) })}</b> <span className="quiet">{t('rules.pilotHelp')}</span></span>
      <Button small look="primary" busy={busy} disabled={changed} onClick={() => void widen()}>{t('rules.pilotWiden')}</Button>
    </div>
  )
}
