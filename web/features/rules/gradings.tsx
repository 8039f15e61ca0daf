import type { Grading } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions, useDraft, useSave, type Definition } from '../../api/definitions.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure, Grade, Panel } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { dictionaryOptions } from '../conditions/choices.ts'
import { read } from '../conditions/sentence.ts'
import css from './rules.module.css'

/** Red, amber, green: the levels in order, each a sentence; the first that holds counts. */
export function Gradings() {
  const { data } = useDefinitions('grading')
  return <>{(data ?? []).map((grading) => <One key={grading.key} stored={grading} />)}</>
}

function One({ stored }: { stored: Definition<'grading'> }) {
  const catalogue = useCatalogue()
  const [editing, setEditing] = useState(false)
  const { object, field, levels } = stored.body
  const dictionary = catalogue.object(object)?.field.get(field)?.dictionary
  return (
    <Panel title={label(stored.body.label)} hint={t('rules.gradingHint')} acts={<Button small onClick={() => setEditing(true)}>{t('common.edit')}</Button>}>
      <ol>{levels.map((level, at) => {
        const option = catalogue.option(dictionary, level.value)
        const reading = read(catalogue, object, level.condition)
        return <li key={at} className={css.level}><span className={css.levelName}><Grade colour={option?.colour}>{label(option?.label) || level.value}</Grade></span><span className="grow"><span>{label(level.reason)}</span><span className={css.sentence}>{reading.ok ? reading.sentence : t('rules.unfinished')}</span></span></li>
      })}</ol>
      {editing && <Editor stored={stored} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

function Editor({ stored, onClose }: { stored: Definition<'grading'>; onClose: () => void }) {
  const catalogue = useCatalogue()
  const { draft, setDraft, version } = useDraft(stored, stored.body)
  const save = useSave('grading', onClose)
  const options = dictionaryOptions(catalogue, catalogue.object(draft.object)?.field.get(draft.field)?.dictionary)
  const put = (at: number, level: Partial<Grading['levels'][number]>) => setDraft({ ...draft, levels: draft.levels.map((each, index) => (index === at ? { ...each, ...level } : each)) })
  const move = (at: number, by: number) => { const levels = [...draft.levels]; const [level] = levels.splice(at, 1); levels.splice(at + by, 0, level!); setDraft({ ...draft, levels }) }
  return (
    <Dialog look="sheet" width={760} title={label(draft.label)} hint={t('rules.gradingHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} onClick={() => save.mutate({ key: stored.key, body: draft, expectVersion: version })}>{t('common.save')}</Button></>}>
      {save.error && <Failure small error={save.error} />}
      {draft.levels.map((level, at) => (
        <fieldset key={at} className={css.box}>
          <div className={css.levelHead}>
            <Picker small label={t('rules.level')} value={level.value} options={options} onPick={(value) => value && put(at, { value })} />
            <Field label={t('rules.reason')}>{(control) => <Input small {...control} value={label(level.reason)} maxLength={80} onText={(text) => put(at, { reason: { zh: text || ' ', en: level.reason.en === level.reason.zh ? text || ' ' : level.reason.en } })} />}</Field>
            <IconButton small icon="up" label={t('rules.up')} disabled={at === 0} onClick={() => move(at, -1)} /><IconButton small icon="down" label={t('rules.down')} disabled={at === draft.levels.length - 1} onClick={() => move(at, 1)} />
            <IconButton small icon="close" label={t('common.remove')} disabled={draft.levels.length === 1} onClick={() => setDraft({ ...draft, levels: draft.levels.filter((_, index) => index !== at) })} />
          </div>
          <Builder object={draft.object} value={level.condition} onChange={(condition) => put(at, { condition })} empty={t('rules.always')} />
        </fieldset>
      ))}
      <Button icon="plus" className={css.left!} disabled={draft.levels.length >= 10} onClick={() => setDraft({ ...draft, levels: [...draft.levels, { value: options[0]?.value ?? '', condition: { all: [] }, reason: { zh: t('rules.reason'), en: 'Reason' } }] })}>{t('rules.addLevel')}</Button>
    </Dialog>
  )
}
