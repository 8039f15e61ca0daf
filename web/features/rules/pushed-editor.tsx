import { useState } from 'react'
import type { Trigger } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Choice, Field, TextArea } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { nameFor, placesIn, type Place } from './json-places.ts'
import css from './pushed.module.css'
import { usePushes } from './use-pushes.ts'

type Pushed = Extract<Trigger, { on: 'pushed' }>
interface Props { value: Pushed; rule: string | undefined; onChange: (trigger: Trigger) => void }

const NAMING: ReadonlySet<string> = new Set(['text', 'auto', 'phone', 'email'])
const TAKES: ReadonlySet<string> = new Set(['text', 'long', 'phone', 'email', 'url', 'integer', 'decimal', 'money', 'percent', 'boolean', 'select', 'region', 'date', 'datetime'])
/** Fields by which a record can be told; a phone first: others know it too. */
export const namingFields = (catalogue: Catalogue, object: string) =>
  (catalogue.object(object)?.fields ?? []).filter(({ kind, unique, retired, base }) => !retired && !base && NAMING.has(kind) && (unique || kind !== 'text')).toSorted((a, b) => Number(b.kind === 'phone') - Number(a.kind === 'phone')).map((field) => ({ value: field.key, label: label(field.label) }))

/** What another system sends: a sample, by which record it is, and what is taken from it. Places are picked from the sample by pressing them. */
export function PushedEditor({ value, rule, onChange }: Props) {
  const catalogue = useCatalogue()
  const [sample, setSample] = useState('')
  const { data } = usePushes(rule, true)
  const last = (data?.items.find(({ body, status, reason }) => body && (status === 'accepted' || reason === 'off')) ?? data?.items.find(({ body }) => body))?.body
  const places = sample.trim() === '' ? [] : placesIn(sample)
  const fields = (catalogue.object(value.object)?.fields ?? []).filter(({ kind, retired, readOnly, base }) => !retired && !readOnly && !base && TAKES.has(kind)).map((field) => ({ value: field.key, label: label(field.label) }))
  const named = value.values.map(({ name }) => name)
  const take = (place: Place) => onChange(value.match.from === '' ? { ...value, match: { ...value.match, from: place.path } } : { ...value, values: [...value.values, { name: nameFor(place.path, named), from: place.path }] })
  const put = (at: number, change: Partial<Pushed['values'][number]>) => onChange({ ...value, values: value.values.map((each, index) => (index === at ? strip({ ...each, ...change }) : each)) })
  const naming = [...namingFields(catalogue, value.object), { value: 'id', label: t('rules.pushId') }]
  const same = sameElsewhere(catalogue, value)
  const from = (label: string, path: string, pick: (path: string) => void) => <Picker small label={label} placeholder={t('rules.pushWhere')} value={path || null} shown={path || undefined} options={[...(places ?? []).map((place) => ({ value: place.path, label: place.path, hint: place.value })), ...(path && !(places ?? []).some((place) => place.path === path) ? [{ value: path, label: path }] : [])]} empty={t('rules.pushNoSample')} onCreate={(text) => pick(text.trim())} onPick={(picked) => picked && pick(picked)} />
  return (
    <>
      <div className={css.line}><span className={css.word}>{t('rules.pushProof')}</span><Choice<Pushed['proof']> label={t('rules.pushProof')} value={value.proof} options={[{ value: 'signed', label: t('rules.pushSigned') }, { value: 'secret', label: t('rules.pushSecret') }]} onChoose={(proof) => onChange({ ...value, proof })} /></div>
      <Field label={t('rules.pushSample')} help={places === null ? t('rules.pushNotJson') : t('rules.pushSampleHelp')}>{(control) => <TextArea {...control} rows={4} className={css.sample} value={sample} onText={setSample} spellCheck={false} />}</Field>
      {last && <Button small look="quiet" icon="download" className={css.last} onClick={() => setSample(pretty(last))}>{t('rules.pushLast')}</Button>}
      {places && places.length > 0 && (
        <div className={css.places} role="group" aria-label={t('rules.pushPlaces')}>
          {places.map((place) => <button key={place.path} type="button" className={css.place} data-taken={place.path === value.match.from || value.values.some((each) => each.from === place.path)} onClick={() => take(place)}><code>{place.path}</code><span className="quiet">{place.value}</span></button>)}
        </div>
      )}
      <div className={css.line}><span className={css.word}>{t('rules.pushMatch')}</span>
        <Picker small label={t('rules.pushMatchField')} value={value.match.field} options={naming} onPick={(field) => field && onChange({ ...value, match: { ...value.match, field } })} /><span>=</span>{from(t('rules.pushMatchFrom'), value.match.from, (path) => onChange({ ...value, match: { ...value.match, from: path } }))}
      </div>
      <div className={css.line}><span className={css.word}>{t('rules.pushMissing')}</span><Choice<Pushed['missing']> label={t('rules.pushMissing')} value={value.missing} options={[{ value: 'ignore', label: t('rules.pushIgnore') }, { value: 'create', label: t('rules.pushCreate') }]} onChoose={(missing) => onChange({ ...value, missing })} /></div>
      {value.missing === 'create' && same.length > 0 && <div className={css.line}><span className={css.word}>{t('rules.pushExisting')}</span><MultiPicker small label={t('rules.pushExisting')} placeholder={t('rules.pushExistingNone')} value={(value.existing ?? []).map(({ into }) => into)} options={same.map(({ into, name }) => ({ value: into, label: name }))} onPick={(into) => onChange(withExisting(value, same.filter((each) => into.includes(each.into)).map(({ name: _, ...each }) => each)))} /></div>}
      <fieldset className={css.takes}><legend>{t('rules.pushTakes')}</legend>
        {value.values.length === 0 && <p className="hint">{t('rules.pushTakesNone')}</p>}
        {value.values.map((each, at) => (
          <div key={at} className={css.line}>
            {from(t('rules.pushFrom', { name: each.name }), each.from, (path) => put(at, { from: path }))}<span>→</span>
            <Picker small clearable label={t('rules.pushInto', { name: each.name })} placeholder={t('rules.pushNoField')} value={each.field ?? null} options={fields} onPick={(field) => put(at, { field: field ?? undefined })} />
            <code className={css.slot} title={t('rules.pushSlotHelp')}>{`{{pushed.${each.name}}}`}</code>
            <IconButton small icon="close" label={t('rules.pushDrop', { name: each.name })} onClick={() => onChange({ ...value, values: value.values.filter((_, index) => index !== at) })} />
          </div>
        ))}
      </fieldset>
    </>
  )
}

/** References of the object to others that are told by the same kind of field: whoever calls may be known there. */
function sameElsewhere(catalogue: Catalogue, { object, match }: Pushed): (NonNullable<Pushed['existing']>[number] & { name: string })[] {
  const fields = catalogue.object(object)?.fields ?? []
  const kind = fields.find(({ key }) => key === match.field)?.kind
  if (kind !== 'phone' && kind !== 'email') return []
  return fields.flatMap((field) => {
    const other = field.kind === 'reference' && typeof field.to === 'string' && !field.retired && !field.base ? catalogue.object(field.to) : undefined
    const told = other?.fields.find((each) => each.kind === kind && !each.retired)
    return other && told ? [{ object: other.key, field: told.key, into: field.key, name: label(field.label) }] : []
  })
}

function withExisting({ existing: _, ...rest }: Pushed, existing: NonNullable<Pushed['existing']>): Pushed {
  return existing.length > 0 ? { ...rest, existing } : rest
}

const strip = ({ field, ...rest }: Pushed['values'][number] & { field?: string | undefined }): Pushed['values'][number] => (field === undefined ? rest : { ...rest, field })

function pretty(text: string): string {
  try { return JSON.stringify(JSON.parse(text), null, 2) } catch { return text }
}
