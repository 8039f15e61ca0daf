import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel, useSave } from '../../api/definitions.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input, TextArea } from '../../design/field.tsx'
import { Failure, Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './definitions.module.css'
import { keyFrom, KEY } from './keys.ts'

export function Dictionaries() {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const uses = (key: string) => catalogue.objects.flatMap((object) => object.fields.filter((field) => field.dictionary === key).map((field) => `${label(object.label)}·${label(field.label)}`))
  return (
    <Panel title={t('definitions.dictionaries')} hint={t('definitions.dictionariesHint')} acts={<Button small icon="plus" onClick={() => setMaking(true)}>{t('definitions.newDictionary')}</Button>}>
      <ul>{catalogue.dictionaries.map((dictionary) => <li key={dictionary.key}><Link to={at.dictionary(dictionary.key)} className={css.row}><span className={css.names}><b>{label(dictionary.label)}</b><span className="hint clip">{uses(dictionary.key).slice(0, 4).join(t('common.listGap'))}</span></span><span className="hint">{t('definitions.optionCount', { n: dictionary.options.length })}</span></Link></li>)}</ul>
      {making && <NewDictionary name="" onClose={() => setMaking(false)} onMade={(key) => void navigate({ to: at.dictionary(key) })} />}
    </Panel>
  )
}

/** A name and its options, one per line. */
export function NewDictionary({ name: given, onClose, onMade }: { name: string; onClose: () => void; onMade: (key: string) => void }) {
  const catalogue = useCatalogue()
  const [name, setName] = useState(given)
  const [lines, setLines] = useState('')
  const save = useSave('dictionary', (stored) => onMade(stored.key))
  const words = lines.split('\n').map((line) => line.trim()).filter(Boolean)
  const base = keyFrom(name, 'dict')
  const key = catalogue.dictionaries.some((dictionary) => dictionary.key === base) ? `${base}_2` : base
  const make = () => save.mutate({ key, expectVersion: 0, body: { key, label: plainLabel(name.trim()), options: words.map((word, index) => ({ key: `o${index + 1}`, label: plainLabel(word) })) } })
  return (
    <Dialog title={t('definitions.newDictionary')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!KEY.test(key) || words.length === 0} onClick={make}>{t('definitions.create')}</Button></>}>
      {save.error && <Failure small error={save.error} />}
      <Field label={t('definitions.name')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} onText={setName} />}</Field>
      <Field label={t('definitions.options')} required help={t('definitions.optionsHelp')}>{(control) => <TextArea {...control} rows={6} value={lines} onText={setLines} />}</Field>
    </Dialog>
  )
}
