import { useNavigate, useParams } from '@tanstack/react-router'
import type { RecordAct } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { freshKey, plainLabel, removeDefinition, useDefinition, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Check, Choice, Field } from '../../design/field.tsx'
import { Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways } from '../conditions/sentence.ts'
import css from './deeds.module.css'
import { fieldsOf, isMade, NameField, objectsOf, Part, said, SetRows, Versions } from './pieces.tsx'

/** One record act: when it is offered, who may, what it asks for, what it writes. */
export default function ActPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const [isNew, may] = [key === 'new', catalogue.can('definitions')]
  const { data, error, refetch } = useDefinition('recordAct', key, may && !isNew)
  if (!may) return <NoRight title={t('deeds.title')} right={t('definitions.title')} />
  if (error) return <Page title={t('deeds.title')}><Panel label={t('deeds.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (isNew) return <Editor key="new" stored={null} first={blank(catalogue)} />
  return data ? <Editor key={key} stored={data} first={data.body} /> : <Page title={t('deeds.title')}><Panel label={t('common.loading')}><Skeleton rows={6} /></Panel></Page>
}

const blank = (catalogue: Catalogue): RecordAct => ({ key: freshKey('act'), label: plainLabel(t('deeds.newAct')), object: objectsOf(catalogue)[0]?.value ?? '', right: 'edit', reason: 'none', set: {}, order: 100 })

function Editor({ stored, first }: { stored: Definition<'recordAct'> | null; first: RecordAct }) {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, first)
  const save = useSave('recordAct', (saved) => { take(saved); if (!stored) void navigate({ to: at.act(saved.key), replace: true }) })
  const remove = () => stored && void removeDefinition('recordAct', stored, label(stored.body.label), () => navigate({ to: at.deeds })).catch((error: unknown) => sayTrouble(sentenceOf(error)))
  const put = (next: { [K in keyof RecordAct]?: RecordAct[K] | undefined }) => setDraft(said<RecordAct>({ ...draft, ...next }))
  const asked = fieldsOf(catalogue, draft.object, (field) => isMade(field) && field.kind === 'select')
  const acts = <>
    {stored && !changed && <Button look="danger" onClick={remove}>{t('common.delete')}</Button>}
    {changed && stored && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}
    {changed && <Button look="primary" busy={save.isPending} onClick={() => save.mutate({ key: draft.key, body: draft, expectVersion: version })}>{t('assignment.save')}</Button>}
  </>
  return (
    <Page title={label(draft.label)} hint={t('deeds.acts')} acts={acts}>
      <Unsaved when={changed && Boolean(stored) && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <Panel title={t('deeds.about')} flush={false}>
        <div className={css.grid}>
          <NameField name={draft.label} onName={(name) => put({ label: name })} />
          <Field label={t('audit.object')}>{(control) => <Picker {...control} disabled={stored !== null} label={t('audit.object')} value={draft.object} options={objectsOf(catalogue)} onPick={(object) => object && put({ object, set: {}, when: undefined, ask: undefined })} />}</Field>
          <Field label={t('deeds.right')}>{() => <Choice label={t('deeds.right')} value={draft.right} onChoose={(right) => put({ right })} options={(['edit', 'transfer', 'delete'] as const).map((value) => ({ value, label: t(`deeds.right_${value}`) }))} />}</Field>
          <Field label={t('deeds.reason')}>{() => <Choice label={t('deeds.reason')} value={draft.reason} onChoose={(reason) => put({ reason })} options={(['none', 'optional', 'required'] as const).map((value) => ({ value, label: t(`deeds.reason_${value}`) }))} />}</Field>
          <Field label={t('deeds.ask')} help={t('deeds.askHelp')}>{(control) => <Picker {...control} clearable label={t('deeds.ask')} placeholder={t('common.none')} value={draft.ask ?? null} options={asked} onPick={(ask) => put({ ask: ask ?? undefined })} />}</Field>
          <div className={css.flags}>
            <Check checked={draft.release === true} onCheck={(on) => put({ release: on || undefined })}>{t('deeds.release')}</Check>
            <Check checked={draft.danger === true} onCheck={(on) => put({ danger: on || undefined })}>{t('deeds.danger')}</Check>
          </div>
        </div>
      </Panel>
      <Panel label={t('deeds.what')}>
        <Part title={t('deeds.when')} hint={t('deeds.whenHint')}><Builder object={draft.object} value={draft.when ?? { all: [] }} profile="field-check" empty={t('deeds.always')} onChange={(when) => put({ when: isAlways(when) ? undefined : when })} /></Part>
        <Part title={t('deeds.set')} hint={t('deeds.setHint')}><SetRows object={draft.object} value={draft.set} onChange={(set) => put({ set })} /></Part>
      </Panel>
      {stored && <Versions kind="recordAct" stored={stored} onTake={(body) => setDraft({ ...body, key: stored.key })} />}
    </Page>
  )
}
