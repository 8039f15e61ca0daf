import { useNavigate, useParams } from '@tanstack/react-router'
import type { Form } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { plainLabel, useDefinition, useDefinitions, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Switch } from '../../design/field.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { FormFields } from './form-fields.tsx'
import { FormPreview } from './form-preview.tsx'
import { FormSettings } from './form-settings.tsx'
import css from './forms.module.css'
import { FormCode } from './form-code.tsx'
import { publicUrl, snippet } from './links.ts'

/** One form: what it asks and promises at the left, what a stranger will see at the right. */
export default function FormPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const isNew = key === 'new'
  const may = catalogue.can('forms')
  const one = useDefinition('form', key, may && !isNew)
  const all = useDefinitions('form')
  if (!may) return <NoRight title={t('forms.title')} right={t('forms.title')} />
  const error = isNew ? all.error : one.error
  if (error) return <Page title={t('forms.title')}><Panel label={t('forms.title')}><Failure error={error} onRetry={isNew ? all.refetch : one.refetch} /></Panel></Page>
  if (isNew) return all.data ? <Editor key="new" stored={null} first={blank(catalogue, all.data)} /> : <Waiting />
  return one.data ? <Editor key={key} stored={one.data} first={one.data.body} /> : <Waiting />
}

const Waiting = () => <Page title={t('forms.title')}><Panel label={t('forms.title')}><Skeleton rows={8} /></Panel></Page>

/** Another form of the same house usually wants the same: copied from the first, with no fields of its own constants. */
function blank(catalogue: Catalogue, forms: readonly Definition<'form'>[]): Form {
  const like = forms[0]?.body
  const key = `form-${crypto.randomUUID().slice(0, 6)}`
  if (like) return { ...like, key, label: plainLabel(t('forms.untitled')), constants: { ...like.constants, ...(typeof like.constants['form_source'] === 'string' ? { form_source: t('forms.untitled') } : {}) }, active: true }
  const object = catalogue.objects.find((each) => each.fields.some((field) => field.kind === 'phone'))
  const phone = object?.fields.find((field) => field.kind === 'phone')
  return { key, label: plainLabel(t('forms.untitled')), object: object?.key ?? '', fields: phone ? [{ name: 'phone', field: phone.key, label: phone.label, required: true }] : [], identity: { field: phone?.key ?? 'phone', kind: 'phone' }, joinDays: 30, existing: [], constants: {}, context: {}, consent: { version: '1', purpose: t('forms.purposeDefault'), text: plainLabel(t('forms.consentDefault')) }, origins: ['*'], honeypot: 'website', perMinutePerIp: 30, active: true }
}

function Editor({ stored, first }: { stored: Definition<'form'> | null; first: Form }) {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, first)
  const save = useSave('form', (saved) => { take(saved); if (!stored) void navigate({ to: at.form(saved.key), replace: true }) })
  const put = () => save.mutate({ key: draft.key, body: draft, expectVersion: version })
  return (
    <Page title={label(draft.label)} hint={t('forms.about', { object: label(catalogue.object(draft.object)?.label), n: draft.fields.length })} acts={<>{changed && stored && <Button onClick={giveUp}>{t('rules.giveUp')}</Button>}{changed && <Button look="primary" busy={save.isPending} disabled={draft.fields.length === 0} onClick={put}>{t('assignment.save')}</Button>}</>}>
      <Unsaved when={changed && Boolean(stored) && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <div className={css.two}>
        <div className={css.stack}>
          <Panel title={t('forms.asks')} acts={<Switch checked={draft.active} onCheck={(active) => setDraft({ ...draft, active })}>{t('forms.active')}</Switch>}><FormFields value={draft} onChange={setDraft} /></Panel>
          <Panel title={t('forms.settings')} flush={false}><FormSettings value={draft} isNew={!stored} onChange={setDraft} /></Panel>
        </div>
        <div className={css.stack}>
          <Panel title={t('forms.preview')} hint={t('forms.previewHint')} acts={stored && !changed && <a className="link dense" href={publicUrl(stored.key)} target="_blank" rel="noreferrer">{t('forms.open')}</a>}><FormPreview form={draft} /></Panel>
          {stored && <Panel title={t('forms.link')} flush={false}><div className={css.link}><code>{publicUrl(stored.key)}</code><CopyButton text={publicUrl(stored.key)} /></div><FormCode formKey={stored.key} /></Panel>}
          {stored && <Panel title={t('forms.embed')} hint={t('forms.embedHint')} acts={<CopyButton text={snippet(stored.body)} />} flush={false}><pre className={css.code} tabIndex={0}>{snippet(stored.body)}</pre></Panel>}
        </div>
      </div>
    </Page>
  )
}
