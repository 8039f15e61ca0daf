import { useNavigate, useParams } from '@tanstack/react-router'
import type { PrintTemplate } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { freshKey, plainLabel, removeDefinition, useDefinition, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { Failure, Panel, sentenceOf, Skeleton } from '../../design/pieces.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { BlockList } from './block-list.tsx'
import { Preview } from './preview.tsx'
import css from './prints.module.css'
import { Settings } from './settings.tsx'

/** One template: its content at the left, the paper as it will be at the right. */
export default function PrintPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const isNew = key === 'new'
  const may = catalogue.can('definitions')
  const { data, error, refetch } = useDefinition('print', key, may && !isNew)
  if (!may) return <NoRight title={t('prints.title')} right={t('definitions.title')} />
  if (error) return <Page title={t('prints.title')}><Panel label={t('prints.title')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (isNew) return <Editor key="new" stored={null} first={blank(catalogue)} />
  return data ? <Editor key={key} stored={data} first={data.body} /> : <Page title={t('prints.title')}><Panel label={t('common.loading')}><Skeleton rows={8} /></Panel></Page>
}

function blank(catalogue: Catalogue): PrintTemplate {
  const object = catalogue.objects.find((each) => !each.hidden && !each.immutable)
  const name = t('prints.untitled')
  return { key: freshKey('print'), label: plainLabel(name), object: object?.key ?? '', title: `${name} {{${object?.title ?? 'id'}}}`, order: 100, blocks: [{ kind: 'company' }, { kind: 'heading', level: 1, text: name }, ...(object ? [{ kind: 'fields' as const, columns: 2 as const, fields: [{ field: object.title }] }] : [])] }
}

function Editor({ stored, first }: { stored: Definition<'print'> | null; first: PrintTemplate }) {
  const navigate = useNavigate()
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, first)
  const save = useSave('print', (saved) => { take(saved); if (!stored) void navigate({ to: at.print(saved.key), replace: true }) })
  const remove = () => stored && void removeDefinition('print', stored, label(stored.body.label), () => navigate({ to: at.prints })).catch((error: unknown) => sayTrouble(sentenceOf(error)))
  const acts = <>
    {stored && !changed && <Button look="danger" onClick={remove}>{t('prints.deleteTemplate')}</Button>}
    {changed && stored && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}
    {changed && <Button look="primary" busy={save.isPending} disabled={draft.blocks.length === 0} onClick={() => save.mutate({ key: draft.key, body: draft, expectVersion: version })}>{t('assignment.save')}</Button>}
  </>
  return (
    <Page wide title={label(draft.label)} hint={t('prints.title')} acts={acts}>
      <Unsaved when={changed && Boolean(stored) && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <div className={css.two}>
        <div className={css.stack}>
          <Panel title={t('prints.settings')} flush={false}><Settings value={draft} isNew={!stored} onChange={setDraft} /></Panel>
          <Panel title={t('prints.blocks')}><BlockList value={draft} onChange={setDraft} /></Panel>
        </div>
        <Preview template={draft} saved={Boolean(stored) && !changed} />
      </div>
    </Page>
  )
}
