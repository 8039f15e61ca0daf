import { Link, Navigate, useNavigate, useParams } from '@tanstack/react-router'
import type { TagDefinition } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { plainLabel, removeDefinition, useDefinition, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Check, Choice, Field, Input } from '../../design/field.tsx'
import { Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import css from './segment.module.css'
import { Population } from './population.tsx'
import { COLOURS } from './tag-list.tsx'

/** A tag that comes and goes by its condition; who it would be is shown before it is saved. */
export default function SegmentPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const isNew = key === 'new'
  const { data, error, refetch } = useDefinition('tag', key, !isNew && catalogue.can('definitions'))
  const title = t('definitions.segmentTitle')
  if (!catalogue.can('definitions')) return <NoRight title={title} right={t('definitions.title')} />
  if (isNew) return <Editor key="new" stored={null} first={blank(catalogue)} />
  if (error) return <Page title={title}><Panel label={title}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (!data) return <Page title={title}><Panel label={title}><Skeleton rows={4} height={48} /></Panel></Page>
  // A tag that people give has its form in the list of tags.
  if (!data.body.segment) return <Navigate to={at.objects} replace />
  return <Editor key={data.key} stored={data} first={data.body} />
}

const blank = (catalogue: Catalogue): TagDefinition => ({ key: '', label: { zh: '', en: '' }, segment: { object: catalogue.objects[0]?.key ?? '', condition: { all: [] } } })

function Editor({ stored, first }: { stored: Definition<'tag'> | null; first: TagDefinition }) {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, first)
  const save = useSave('tag', (saved) => { take(saved); if (!stored) void navigate({ to: at.tag(saved.key), replace: true }) })
  const name = draft.label.zh.trim()
  const segment = draft.segment ?? { object: catalogue.objects[0]?.key ?? '', condition: { all: [] } }
  const whole: TagDefinition = { ...draft, key: stored?.key ?? name, label: { zh: name, en: draft.label.en || name }, segment }
  const put = (more: Partial<typeof segment>) => setDraft({ ...draft, segment: { ...segment, ...more } })
  const remove = () => stored && void removeDefinition('tag', stored, label(stored.body.label), () => navigate({ to: at.objects })).catch((error: unknown) => sayTrouble(sentenceOf(error)))
  const acts = (
    <>
      {stored && <Button look="danger" onClick={remove}>{t('common.delete')}</Button>}
      {changed && stored && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}
      <Button look="primary" busy={save.isPending} disabled={!changed || !name} onClick={() => save.mutate({ key: whole.key, body: whole, expectVersion: version })}>{t('common.save')}</Button>
    </>
  )
  return (
    <Page title={name || t('definitions.newSegment')} hint={<><Link to={at.objects} className="link">{t('definitions.title')}</Link> · {t('definitions.segmentHint')}</>} acts={acts}>
      <Unsaved when={changed && name !== '' && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <div className={css.page}>
        <Panel label={t('definitions.segmentTitle')} flush={false}>
          <div className={css.form}>
            <div className={css.two}>
              <Field label={t('definitions.segmentName')} required>{(control) => <Input {...control} data-autofocus={!stored || undefined} value={draft.label.zh} maxLength={40} onText={(zh) => setDraft({ ...draft, label: plainLabel(zh) })} />}</Field>
              <Field label={t('definitions.segmentOf')}>{(control) => <Picker {...control} label={t('definitions.segmentOf')} value={segment.object} options={catalogue.objects.map((object) => ({ value: object.key, label: label(object.label) }))} onPick={(object) => object && put({ object, condition: { all: [] } })} />}</Field>
            </div>
            <Choice label={t('definitions.colour')} value={draft.colour ?? 'grey'} options={COLOURS.map((colour) => ({ value: colour, label: t(`definitions.colour_${colour}`) }))} onChoose={(colour) => { const { colour: _, ...rest } = draft; setDraft(colour === 'grey' ? rest : { ...rest, colour }) }} />
            <Check checked={Boolean(draft.policy)} onCheck={(on) => { const { policy: _, ...rest } = draft; setDraft(on ? { ...rest, policy: true } : rest) }}>{t('definitions.makePolicy')} <span className="hint">{t('definitions.policyHelp')}</span></Check>
            <fieldset className={css.when}><legend>{t('definitions.segmentWhen')}</legend><Builder object={segment.object} value={segment.condition} onChange={(condition) => put({ condition })} empty={t('definitions.segmentNeeds')} /></fieldset>
          </div>
        </Panel>
        <Population tag={whole} />
      </div>
    </Page>
  )
}
