import { useParams } from '@tanstack/react-router'
import type { Dictionary } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel, useDefinition, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Unsaved } from '../../app/unsaved.tsx'
import { Button, IconButton } from '../../design/button.tsx'
import { Input, Switch } from '../../design/field.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './definitions.module.css'

type Option = Dictionary['options'][number]
const COLOURS = ['red', 'amber', 'green', 'blue', 'grey'] as const

/** The options of one list: order, names, colour, parent. A used one is switched off, not removed. */
export default function DictionaryPage() {
  const { key = '' } = useParams({ strict: false }) as { key?: string }
  const catalogue = useCatalogue()
  const { data, error, refetch } = useDefinition('dictionary', key, catalogue.can('definitions'))
  if (!catalogue.can('definitions')) return <NoRight title={t('definitions.dictionaries')} right={t('definitions.title')} />
  if (error) return <Page title={t('definitions.dictionaries')}><Panel label={t('definitions.dictionaries')}><Failure error={error} onRetry={refetch} /></Panel></Page>
  if (!data) return <Page title={t('definitions.dictionaries')}><Panel label={t('definitions.dictionaries')}><Skeleton rows={8} /></Panel></Page>
  return <Editor key={data.key} stored={data} />
}

function Editor({ stored }: { stored: Definition<'dictionary'> }) {
  const { draft, setDraft, take, changed, version, giveUp } = useDraft(stored, stored.body)
  const save = useSave('dictionary', take)
  const put = (at: number, next: Partial<Option>) => setDraft({ ...draft, options: draft.options.map((option, index) => (index === at ? (Object.fromEntries(Object.entries({ ...option, ...next }).filter(([, value]) => value !== undefined)) as Option) : option)) })
  const move = (at: number, by: number) => { const options = [...draft.options]; const [option] = options.splice(at, 1); options.splice(at + by, 0, option!); setDraft({ ...draft, options }) }
  const add = () => { let n = draft.options.length + 1; while (draft.options.some((option) => option.key === `o${n}`)) n++; setDraft({ ...draft, options: [...draft.options, { key: `o${n}`, label: plainLabel(t('definitions.newOption')) }] }) }
  const tops = draft.options.filter((option) => !option.parent)
  return (
    <Page title={label(draft.label)} hint={t('definitions.dictionaryAbout', { key: stored.key, n: stored.version })} acts={changed && <><Button onClick={giveUp}>{t('rules.giveUp')}</Button><Button look="primary" busy={save.isPending} onClick={() => save.mutate({ key: stored.key, body: draft, expectVersion: version })}>{t('assignment.save')}</Button></>}>
      <Unsaved when={changed && !save.isPending} />
      {save.error && <Failure small error={save.error} />}
      <Panel title={t('definitions.options')} hint={t('definitions.usedHint')} acts={<Button small icon="plus" onClick={add}>{t('definitions.addOption')}</Button>}>
        <div className={css.scroll}><table className={css.options}>
          <thead><tr><th scope="col">{t('definitions.name')}</th><th scope="col">{t('definitions.nameEn')}</th><th scope="col">{t('definitions.parent')}</th><th scope="col">{t('definitions.colour')}</th><th scope="col">{t('definitions.on')}</th><th scope="col"><span className="sr">{t('definitions.acts')}</span></th></tr></thead>
          <tbody>{draft.options.map((option, at) => (
            <tr key={option.key}>
              <td><Input small aria-label={t('definitions.name')} value={option.label.zh} maxLength={40} onText={(zh) => put(at, { label: { zh: zh || ' ', en: option.label.en === option.label.zh ? zh || ' ' : option.label.en } })} /></td>
              <td><Input small aria-label={t('definitions.nameEn')} value={option.label.en} maxLength={80} onText={(en) => put(at, { label: { zh: option.label.zh, en: en || option.label.zh } })} /></td>
              <td><Picker small clearable label={t('definitions.parent')} placeholder="—" value={option.parent ?? null} options={tops.filter((top) => top.key !== option.key).map((top) => ({ value: top.key, label: label(top.label) }))} onPick={(parent) => put(at, { parent: parent ?? undefined })} /></td>
              <td><Picker small clearable label={t('definitions.colour')} placeholder="—" value={option.colour ?? null} options={COLOURS.map((colour) => ({ value: colour, label: t(`definitions.colour_${colour}`) }))} onPick={(colour) => put(at, { colour: (colour ?? undefined) as Option['colour'] })} /></td>
              <td><Switch aria-label={t('definitions.on')} checked={!option.off} onCheck={(on) => put(at, { off: on ? undefined : true })} /></td>
              <td><span className={css.acts}><IconButton small icon="up" label={t('rules.up')} disabled={at === 0} onClick={() => move(at, -1)} /><IconButton small icon="down" label={t('rules.down')} disabled={at === draft.options.length - 1} onClick={() => move(at, 1)} /><IconButton small icon="close" label={t('common.remove')} onClick={() => setDraft({ ...draft, options: draft.options.filter((each) => each !== option) })} /></span></td>
            </tr>
          ))}</tbody>
        </table></div>
      </Panel>
    </Page>
  )
}
