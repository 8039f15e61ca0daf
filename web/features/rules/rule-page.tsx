import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Rule } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { queries } from '../../api/client.ts'
import { freshKey, plainLabel, removeDefinition, useDefinition, useDraft, useSave, type Definition, type RuleState } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Check, Choice, Input } from '../../design/field.tsx'
import { ago, number } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { useKeptFocus } from '../../design/kept-focus.ts'
import { label, t } from '../../i18n/index.ts'
import { PushesPanel } from './pushes-panel.tsx'
import { RuleChecks } from './rule-checks.tsx'
import { FlowCanvas } from './flow-canvas.tsx'
import { RuleRuns } from './rule-runs.tsx'
import { useHealth } from './use-health.ts'
import { RuleSentence } from './rule-sentence.tsx'
import { PilotBar, RulePilot } from './rule-pilot.tsx'
import { mayBuild, RuleTeam } from './rule-team.tsx'
import { RuleTemplate } from './rule-template.tsx'
import { RuleVersions } from './rule-versions.tsx'
import { Sent } from './sent.ts'
import { WhyNotPanel } from './why-not-panel.tsx'
import { TrialPanel } from './trial-panel.tsx'
import css from './rules.module.css'

/** One rule: a sentence whose underlined parts can be changed in place; below it, what it has done. */
export default function RulePage() {
  useKeptFocus()
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const isNew = key === 'new'
  const { data, error, refetch } = useDefinition('rule', key, !isNew && mayBuild(catalogue))
  if (!mayBuild(catalogue)) return <NoRight title={t('rules.title')} right={t('rules.title')} />
  if (isNew) return <Editor key="new" stored={null} first={blank(catalogue)} />
  if (error) return <Page title={t('rules.title')}><Panel label={t('rules.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (!data) return <Page title={t('rules.title')}><Panel label={t('rules.title')}><Skeleton rows={4} height={48} /></Panel></Page>
  return <Editor key={data.key} stored={data} first={data.body} />
}

const blank = (catalogue: Catalogue): Rule => ({ key: freshKey('rule'), label: plainLabel(t('rules.untitled')), trigger: { on: 'created', object: catalogue.forms[0]?.object ?? catalogue.objects.find((object) => object.load)?.key ?? catalogue.objects[0]?.key ?? '' }, condition: { all: [] }, actions: [], priority: 100, ...(!catalogue.can('rules') && { team: catalogue.me.leads[0] ?? 0 }) })

function Editor({ stored, first }: { stored: Definition<'rule'> | null; first: Rule }) {
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, first)
  const navigate = useNavigate()
  const catalogue = useCatalogue()
  const save = useSave('rule', (saved) => { take(saved); if (!stored) void navigate({ to: at.rule(saved.key), replace: true }) })
  const state = (stored?.state ?? 'template') as RuleState
  const put = (next: RuleState) => save.mutate({ key: draft.key, body: draft, state: next, expectVersion: version })
  const remove = () => stored && void removeDefinition('rule', stored, label(stored.body.label), () => navigate({ to: at.rules })).catch((error: unknown) => sayTrouble(sentenceOf(error)))
  const acts = (
    <>
      {stored && <MenuButton icon="more" look="plain" label={t('records.more')} entries={[{ key: 'delete', label: t('common.delete'), icon: 'trash', danger: true, onPick: remove }]} />}
      {changed && stored && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}
      {state === 'active' && !changed && <Button icon="pause" busy={save.isPending} onClick={() => put('paused')}>{t('rules.pause')}</Button>}
      {changed && state !== 'active' && <Button busy={save.isPending} disabled={draft.actions.length === 0} onClick={() => put(state)}>{t('rules.saveOff')}</Button>}
      {(changed || state !== 'active') && <Button look="primary" busy={save.isPending} disabled={draft.actions.length === 0} onClick={() => put('active')}>{changed && stored ? t('rules.publish', { n: stored.version + 1 }) : t('rules.activate')}</Button>}
    </>
  )
  return (
    <Page title={label(draft.label)} hint={stored ? t('rules.about', { state: t(`rules.state_${state}`), n: stored.version, who: publisher(stored), when: stored.publishedAt ? ago(stored.publishedAt) : '' }) : t('rules.aboutNew')} acts={acts}
      shown={<RuleName value={draft} onChange={setDraft} />}>
      <Unsaved when={changed && draft.actions.length > 0 && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <PilotBar stored={stored} changed={changed} />
      <Panel label={t('rules.sentence')} className={css.panel}><Shown rule={draft} onChange={setDraft} />{draft.note && <p className={css.note}>{label(draft.note)}</p>}<Pinned rule={stored?.key} changed={changed} /><RuleChecks rule={draft} /><RuleTeam rule={draft} onChange={setDraft} /><RulePilot rule={draft} onChange={setDraft} /><p className={css.required}><Check checked={draft.required === true} onCheck={(required) => setDraft(withRequired(draft, required))}>{t('rules.required')}</Check></p></Panel>
      <TrialPanel kind="rule" body={draft} disabled={draft.actions.length === 0} onDone={retested} />
      {stored?.body.trigger.on === 'pushed' && catalogue.can('rules') && <PushesPanel rule={{ ...stored.body, trigger: stored.body.trigger }} />}
      {stored && <WhyNotPanel rule={stored.body} />}
      {stored && <RuleTemplate stored={stored} onTake={(body) => setDraft({ ...body, key: stored.key })} />}
      {stored && <div className={css.two}><RuleRuns rule={stored.key} /><RuleVersions stored={stored} onTake={(body) => setDraft({ ...body, key: stored.key })} /></div>}
    </Page>
  )
}

/** A replay may have something to say about the draft. */
const retested = (): void => void queries.invalidateQueries({ queryKey: ['preview'] })

/** Two views of the same rule; whichever is looked at can be changed. */
function Shown({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const [view, setView] = useState<'sentence' | 'canvas'>('sentence')
  const sent = rule.trigger.on === 'pushed' ? rule.trigger.values.map(({ name }) => name) : []
  return (
    <Sent value={sent}>
      <div className={css.views}><Choice label={t('rules.views')} value={view} onChoose={setView} options={[{ value: 'sentence', label: t('rules.asSentence') }, { value: 'canvas', label: t('rules.asCanvas') }]} /></div>
      {view === 'sentence' ? <RuleSentence rule={rule} onChange={onChange} /> : <FlowCanvas rule={rule} onChange={(actions) => onChange({ ...rule, actions })} onRule={(change) => onChange({ ...rule, ...change })} />}
    </Sent>
  )
}

/** Runs that wait go on by the version with which they began. */
function Pinned({ rule, changed }: { rule: string | undefined; changed: boolean }) {
  const waiting = useHealth(rule !== undefined)?.rules[rule ?? '']?.waiting ?? 0
  return changed && waiting > 0 ? <p className={css.check}><Icon name="clock" />{t('rules.pinned', { count: number(waiting) })}</p> : null
}

function withRequired({ required: _, ...rule }: Rule, required: boolean): Rule {
  return required ? { ...rule, required } : rule
}

/** Solutions are installed by nobody in particular. */
export const publisher = ({ publishedBy }: Pick<Definition<'rule'>, 'publishedBy'>): string => (publishedBy?.kind === 'member' ? publishedBy.name : publishedBy?.name === 'install' ? t('records.byInstall') : t('common.system'))

/** The name is changed where it stands. */
function RuleName({ value, onChange }: { value: Rule; onChange: (rule: Rule) => void }) {
  return <h1 className={css.name}><Input aria-label={t('rules.name')} value={label(value.label)} maxLength={80} onText={(text) => onChange({ ...value, label: { zh: text || ' ', en: value.label.en === value.label.zh ? text || ' ' : value.label.en } })} /></h1>
}
