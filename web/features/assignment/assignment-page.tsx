import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Choice, Switch } from '../../design/field.tsx'
import { Empty, Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { TrialPanel } from '../rules/trial-panel.tsx'
import css from './assignment.module.css'
import { total } from './balance.ts'
import { CapabilityTable } from './capability-table.tsx'
import { Decisions } from './decisions.tsx'
import { Exclusions } from './exclusions.tsx'
import { Fallback } from './fallback.tsx'
import { PolicyForm } from './policy-form.tsx'
import { Reweigh } from './reweigh.tsx'
import { Ties } from './ties.tsx'
import { Weights } from './weights.tsx'

/** Who gets what comes in: the policy, what each person can take, and how it was decided lately. */
export default function AssignmentPage() {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useDefinitions('assignmentPolicy')
  const { policy: asked } = useSearch({ strict: false }) as { policy?: string }
  const [chosen, setChosen] = useState(asked ?? null)
  if (!catalogue.can('assignment')) return <NoRight title={t('assignment.title')} right={t('assignment.title')} />
  if (error) return <Page title={t('assignment.title')}><Panel label={t('assignment.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (!data) return <Page title={t('assignment.title')}><Panel label={t('assignment.title')}><Skeleton rows={5} height={56} /></Panel></Page>
  const policy = data.find((each) => each.key === chosen) ?? data[0]
  if (!policy) return <Page title={t('assignment.title')}><Panel label={t('assignment.title')}><Empty icon="target" title={t('assignment.none')}>{t('assignment.noneHelp')}</Empty></Panel></Page>
  const tabs = data.length > 1 ? <Tabs label={t('assignment.policies')} value={policy.key} onChoose={setChosen} tabs={data.map((each) => ({ value: each.key, label: label(each.body.label) }))} /> : null
  return <Editor key={policy.key} stored={policy} tabs={tabs} />
}

function Editor({ stored, tabs }: { stored: Definition<'assignmentPolicy'>; tabs: React.ReactNode }) {
  const catalogue = useCatalogue()
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, stored.body)
  const save = useSave('assignmentPolicy', take)
  const whole = total(draft.weights) === 100
  const acts = changed && <><Button onClick={giveUp}>{t('rules.giveUp')}</Button><Button look="primary" busy={save.isPending} disabled={!whole} onClick={() => save.mutate({ key: stored.key, body: draft, expectVersion: version })}>{t('assignment.save')}</Button></>
  return (
    <Page title={t('assignment.title')} hint={t('assignment.hint', { name: label(draft.label), object: label(catalogue.object(draft.object)?.label), n: stored.version })} acts={acts}>
      {tabs}
      <Unsaved when={changed && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <Panel title={t('assignment.mode')} acts={<Switch checked={draft.active} onCheck={(active) => setDraft({ ...draft, active })}>{t('assignment.active')}</Switch>} flush={false}>
        <div className={css.mode}><Choice label={t('assignment.mode')} value={draft.mode ?? 'score'} onChoose={(mode) => { const { mode: _, ...rest } = draft; setDraft(mode === 'rotation' ? { ...rest, mode } : rest) }} options={[{ value: 'score', label: t('assignment.modeScore') }, { value: 'rotation', label: t('assignment.modeRotation') }]} /></div>
        {draft.mode === 'rotation' && <p className={css.turns} role="status">{t('assignment.rotationWarning')}</p>}
        {draft.mode !== 'rotation' && <div className={css.trying}>
          <Weights value={draft.weights} below={draft.preferLoadBelow} onChange={(weights) => setDraft({ ...draft, weights })} onBelow={(preferLoadBelow) => setDraft({ ...draft, preferLoadBelow })}>
            <Ties value={draft} usual={stored.body.completeness} onChange={setDraft} />
          </Weights>
          <Reweigh policy={draft} whole={whole} />
        </div>}
      </Panel>
      <div className={css.two}>
        <Panel title={t('assignment.rest')} flush={false}><PolicyForm value={draft} onChange={setDraft} /></Panel>
        <div className={css.stack}>
          <Panel title={t('assignment.exclusions')} hint={t('assignment.exclusionsHint')} flush={false}><Exclusions value={draft} onChange={setDraft} /></Panel>
          <Panel title={t('assignment.fallback')} hint={t('assignment.fallbackHint')} flush={false}><Fallback value={draft} onChange={setDraft} /></Panel>
          <Decisions policy={stored.body} />
        </div>
      </div>
      <TrialPanel kind="assignmentPolicy" body={draft} disabled={!whole} />
      <CapabilityTable policy={draft} />
    </Page>
  )
}
