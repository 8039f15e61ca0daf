import { useNavigate, useParams } from '@tanstack/react-router'
import type { Conversion } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { freshKey, plainLabel, removeDefinition, useDefinition, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Check, Field } from '../../design/field.tsx'
import { Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways } from '../conditions/sentence.ts'
import css from './deeds.module.css'
import { NameField, objectsOf, Part, said, SetRows, Versions } from './pieces.tsx'
import { freeTargets, TargetEditor } from './target-editor.tsx'

/** One conversion: what becomes what, field by field. */
export default function ConversionPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const [isNew, may] = [key === 'new', catalogue.can('definitions')]
  const { data, error, refetch } = useDefinition('conversion', key, may && !isNew)
  if (!may) return <NoRight title={t('deeds.title')} right={t('definitions.title')} />
  if (error) return <Page title={t('deeds.title')}><Panel label={t('deeds.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (isNew) return <Editor key="new" stored={null} first={blank(catalogue)} />
  return data ? <Editor key={key} stored={data} first={data.body} /> : <Page title={t('deeds.title')}><Panel label={t('common.loading')}><Skeleton rows={8} /></Panel></Page>
}

const blank = (catalogue: Catalogue): Conversion => ({ key: freshKey('conversion'), label: plainLabel(t('deeds.newConversion')), object: objectsOf(catalogue).find(({ value }) => freeTargets(catalogue, value, []).length > 0)?.value ?? '', set: {}, lock: true, targets: [] })

function Editor({ stored, first }: { stored: Definition<'conversion'> | null; first: Conversion }) {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, first)
  const save = useSave('conversion', (saved) => { take(saved); if (!stored) void navigate({ to: at.conversion(saved.key), replace: true }) })
  const remove = () => stored && void removeDefinition('conversion', stored, label(stored.body.label), () => navigate({ to: at.deeds })).catch((error: unknown) => sayTrouble(sentenceOf(error)))
  const put = (next: { [K in keyof Conversion]?: Conversion[K] | undefined }) => setDraft(said<Conversion>({ ...draft, ...next }))
  const free = freeTargets(catalogue, draft.object, draft.targets)
  const add = (into: string | null) => { const found = free.find(({ value }) => value === into); if (found) put({ targets: [...draft.targets, { object: found.object, into: found.value, fields: [], links: [], ask: [], match: [] }] }) }
  const acts = <>
    {stored && !changed && <Button look="danger" onClick={remove}>{t('common.delete')}</Button>}
    {changed && stored && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}
    {changed && <Button look="primary" busy={save.isPending} disabled={draft.targets.length === 0} onClick={() => save.mutate({ key: draft.key, body: draft, expectVersion: version })}>{t('assignment.save')}</Button>}
  </>
  return (
    <Page title={label(draft.label)} hint={t('deeds.conversions')} acts={acts}>
      <Unsaved when={changed && Boolean(stored) && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <Panel title={t('deeds.about')} flush={false}>
        <div className={css.grid}>
          <NameField name={draft.label} onName={(name) => put({ label: name })} />
          <Field label={t('deeds.source')} help={t('deeds.sourceHelp')}>{(control) => <Picker {...control} disabled={stored !== null} label={t('deeds.source')} value={draft.object} options={objectsOf(catalogue)} onPick={(object) => object && put({ object, set: {}, when: undefined, targets: [] })} />}</Field>
          <div className={css.flags}>
            <Check checked={draft.lock} onCheck={(lock) => put({ lock })}>{t('deeds.lock')}</Check>
            <Check checked={draft.keepTags !== true} onCheck={(go) => put({ keepTags: go ? undefined : true })}>{t('deeds.tagsAlong')}</Check>
          </div>
        </div>
      </Panel>
      <Panel label={t('deeds.what')}>
        <Part title={t('deeds.when')} hint={t('deeds.whenHint')}><Builder object={draft.object} value={draft.when ?? { all: [] }} profile="field-check" empty={t('deeds.always')} onChange={(when) => put({ when: isAlways(when) ? undefined : when })} /></Part>
        <Part title={t('deeds.setSource')}><SetRows object={draft.object} value={draft.set} onChange={(set) => put({ set })} /></Part>
      </Panel>
      {draft.targets.map((target, i) => <TargetEditor key={target.into} source={draft.object} target={target} before={draft.targets.slice(0, i)} onChange={(next) => put({ targets: draft.targets.map((each, n) => (n === i ? next : each)) })} onRemove={() => put({ targets: draft.targets.filter((_, n) => n !== i) })} />)}
      {free.length > 0 && draft.targets.length < 6 && <div><Picker label={t('deeds.addTarget')} placeholder={`+ ${t('deeds.addTarget')}`} value={null} options={free} onPick={add} /></div>}
      {free.length === 0 && draft.targets.length === 0 && <p className="hint">{t('deeds.noReference')}</p>}
      {stored && <Versions kind="conversion" stored={stored} onTake={(body) => setDraft({ ...body, key: stored.key })} />}
    </Page>
  )
}
