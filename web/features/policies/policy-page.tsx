import { useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Policy } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { freshKey, removeDefinition, useDefinition, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button, IconButton } from '../../design/button.tsx'
import { Choice, Field, Input } from '../../design/field.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways, read } from '../conditions/sentence.ts'
import { Circumstances } from './circumstances.tsx'
import { EffectPanel } from './effect-panel.tsx'
import css from './policies.module.css'
import { PolicyFields } from './policy-fields.tsx'
import { policyText } from './said.ts'
import { WhomPicker } from './whom.tsx'

const Versions = lazy(() => import('./policy-versions.tsx'))

/** One policy: whom, which records, in which circumstances, and what they then may. What it changes stands beside it before it is in force. */
export default function PolicyPage() {
  const catalogue = useCatalogue()
  const { key } = useParams({ strict: false }) as { key: string }
  const may = catalogue.can('members')
  const { data, error, refetch } = useDefinition('policy', key, may && key !== 'new')
  if (!may) return <NoRight title={t('policies.title')} right={t('members.title')} />
  if (key === 'new') return <Editor key="new" stored={null} />
  if (error) return <Page title={t('policies.title')}><Panel label={t('policies.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  return data ? <Editor key={key} stored={data} /> : <Page title={t('policies.title')}><Panel label={t('policies.title')}><Skeleton rows={6} height={48} /></Panel></Page>
}

/** Only what hides something can leave no trace. */
function settled({ stealth, ...policy }: Policy): Policy {
  return stealth && policy.effect === 'limit' && Object.values(policy.fields).some(({ read: state }) => state === 'hidden') ? { ...policy, stealth } : policy
}

function first(object: string): Policy {
  return { key: freshKey('policy'), label: { zh: '', en: '' }, object, effect: 'limit', fields: {}, actions: [] }
}

function Editor({ stored }: { stored: Definition<'policy'> | null }) {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const [fresh] = useState(() => first(catalogue.objects.find(({ hidden }) => !hidden)?.key ?? ''))
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, stored?.body ?? fresh)
  const [history, setHistory] = useState(false)
  const save = useSave('policy', (made) => { take(made); if (!stored) void navigate({ to: at.policy(made.key), ignoreBlocker: true }) })
  const put = (next: Partial<Policy>) => setDraft({ ...draft, ...next })
  const says = Object.keys(draft.fields).length > 0 || draft.actions.length > 0
  const ready = label(draft.label) !== '' && says && (!draft.when || read(catalogue, draft.object, draft.when).ok)
  const remove = () => removeDefinition('policy', stored!, label(stored!.body.label), () => navigate({ to: at.policies, ignoreBlocker: true }))
  const acts = (
    <>
      {stored && <Button look="quiet" icon="history" onClick={() => setHistory(true)}>{t('common.version', { n: stored.version })}</Button>}
      {stored && <IconButton icon="trash" label={t('common.delete')} onClick={() => void remove()} />}
      {stored && changed && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}
      {(changed || !stored) && <Button look="primary" busy={save.isPending} disabled={!ready} onClick={() => save.mutate({ key: draft.key, body: settled(draft), expectVersion: version })}>{t('policies.save')}</Button>}
    </>
  )
  return (
    <Page title={label(stored?.body.label) || t('policies.make')} hint={policyText(catalogue, draft)} acts={acts}>
      <Unsaved when={changed && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <div className={css.two}>
        <Panel label={t('policies.what')} flush={false}>
          <div className={css.form}>
            <div className={css.pair}>
              <Field label={t('policies.name')} required>{(control) => <Input {...control} value={label(draft.label)} maxLength={60} onText={(text) => put({ label: { zh: text, en: text } })} />}</Field>
              <Field label={t('policies.object')} required>{(control) => <Picker {...control} label={t('policies.object')} disabled={stored !== null} value={draft.object} options={catalogue.objects.map((object) => ({ value: object.key, label: label(object.label) }))} onPick={(object) => { if (object) { const { when: _, ...rest } = draft; setDraft({ ...rest, object, fields: {} }) } }} />}</Field>
            </div>
            <Choice label={t('policies.effect')} value={draft.effect} options={(['limit', 'allow'] as const).map((value) => ({ value, label: t(`policies.effect_${value}`), hint: t(`policies.hint_${value}`) }))} onChoose={(effect) => put({ effect, fields: {} })} />
            <section className={css.part}>
              <h3>{t('policies.who')}</h3>
              <div className={css.pair}>
                <WhomPicker label={t('policies.whom')} empty={t('policies.everybody')} value={draft.who} onChange={(who) => { const { who: _, ...rest } = draft; setDraft(who ? { ...rest, who } : rest) }} />
                <WhomPicker label={t('policies.except')} empty={t('policies.nobody')} value={draft.except} onChange={(except) => { const { except: _, ...rest } = draft; setDraft(except ? { ...rest, except } : rest) }} />
              </div>
            </section>
            <section className={css.part}>
              <h3>{t('policies.which')}</h3>
              <Builder object={draft.object} empty={t('policies.allRecords', { object: label(catalogue.object(draft.object)?.label) })} value={draft.when ?? { all: [] }} onChange={(when) => { const { when: _, ...rest } = draft; setDraft(isAlways(when) ? rest : { ...rest, when }) }} />
            </section>
            <section className={css.part}><h3>{t('policies.what')}</h3><PolicyFields policy={draft} onChange={setDraft} /></section>
            <Circumstances policy={draft} onChange={setDraft} />
          </div>
        </Panel>
        <EffectPanel policy={settled(draft)} ready={ready} />
      </div>
      {history && stored && <Suspense><Versions stored={stored} onClose={() => setHistory(false)} /></Suspense>}
    </Page>
  )
}
