import { useQuery } from '@tanstack/react-query'
import { parseDecimal } from '#language/values'
import { Suspense, useState } from 'react'
import { useCatalogue, type Catalogue, type FieldShape } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Input, TextArea, type ControlProps } from '../../design/field.tsx'
import { clockTime, instantAt, money, number, phone } from '../../design/format.ts'
import type { Option } from '../../design/options.tsx'
import { dictionaryOptions, regionOptions } from '../../features/conditions/choices.ts'
import { label, t } from '../../i18n/index.ts'
import { Chips } from '../frame/chips.tsx'
import { p } from '../words/index.ts'
import { later } from '../words/later.ts'
import css from './form.module.css'
import type { Related } from './text.ts'

const FilesInput = later(() => import('../../features/files/files-input.tsx'))

interface Props { field: FieldShape; value: unknown; onChange: (value: unknown) => void; related: Related; control?: ControlProps; autoFocus?: boolean }

/** The phone's own control for each kind; null for nothing. Text that is not yet a number stays text: the server says what is wrong with it. */
export function FieldInput({ field, value, onChange, related, control, autoFocus = false }: Props) {
  const catalogue = useCatalogue()
  const name = label(field.label)
  const text = typeof value === 'string' ? value : ''
  const put = (next: string) => onChange(next === '' ? null : next)
  const common = { ...control, 'aria-label': control ? undefined : name, autoFocus }
  switch (field.kind) {
    case 'long': return <TextArea {...common} rows={4} value={text} onText={put} />
    case 'integer': case 'decimal': case 'money': case 'percent': return <NumberInput field={field} value={value} onChange={onChange} common={common} />
    case 'boolean': return <Chips two label={name} value={value === true ? 'yes' : value === false ? 'no' : null} options={[{ value: 'yes', label: t('common.yes') }, { value: 'no', label: t('common.no') }]} onPick={(next) => onChange(next === 'yes')} />
    case 'date': return <input {...common} className={css.native} type="date" value={text} onChange={(event) => put(event.target.value)} />
    case 'datetime': return <input {...common} className={css.native} type="datetime-local" value={text ? clockTime(text).replace(' ', 'T') : ''} onChange={(event) => { const [day, time] = event.target.value.split('T'); onChange(day && time ? instantAt(day, time) : null) }} />
    case 'select': case 'region': case 'member': case 'team': {
      const numeric = field.kind === 'member' || field.kind === 'team'
      return <Select field={field} options={closedOptions(catalogue, field)} value={plain(value)} common={common} onPick={(key) => onChange(key === '' ? null : numeric ? Number(key) : key)} />
    }
    case 'multiselect': case 'tags': return <Several name={name} options={closedOptions(catalogue, field)} value={(value as string[] | null) ?? []} onChange={onChange} />
    case 'members': return <Several name={name} options={closedOptions(catalogue, field)} value={((value as number[] | null) ?? []).map(String)} onChange={(ids) => onChange((ids as string[]).map(Number))} />
    case 'reference': case 'anyReference': return <RecordInput field={field} value={value} onChange={onChange} related={related} common={common} />
    case 'file': return <Suspense><FilesInput label={name} value={(value as string[] | null) ?? []} onChange={(ids) => onChange(ids.length === 0 ? null : ids)} /></Suspense>
    case 'phone': return <Input {...common} type="tel" inputMode="tel" placeholder="138 0013 8000" value={text.startsWith('+86') ? phone(text) : text} onText={put} />
    case 'email': return <Input {...common} type="email" inputMode="email" value={text} onText={put} />
    case 'url': return <Input {...common} type="url" inputMode="url" value={text} onText={put} />
    default: return <Input {...common} maxLength={field.max ?? 2000} value={text} onText={put} />
  }
}

const plain = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** Kinds that can be written by hand. */
/** `anew`: on a record that is being made, also what is masked afterwards. */
export const isEditable = (field: FieldShape, anew = false): boolean => (field.write || (anew && field.enter === true)) && !field.readOnly && !field.retired && field.kind !== 'auto'

export function closedOptions(catalogue: Catalogue, field: FieldShape): Option[] {
  switch (field.kind) {
    case 'region': return regionOptions()
    case 'member': case 'members': return catalogue.members.filter((member) => member.active).map((member) => ({ value: String(member.id), label: member.name, hint: member.job ?? undefined }))
    case 'team': return catalogue.teams.map((team) => ({ value: String(team.id), label: team.name }))
    case 'tags': return catalogue.tags.filter((tag) => !tag.policy && !tag.segment).map((tag) => ({ value: tag.key, label: label(tag.label) }))
    default: return dictionaryOptions(catalogue, field.dictionary)
  }
}

type Common = Partial<ControlProps> & { 'aria-label': string | undefined; autoFocus: boolean }

/** The system's own wheel; two levels are told apart by their indent. */
const Select = ({ field, options, value, common, onPick }: { field: FieldShape; options: readonly Option[]; value: string; common: Common; onPick: (key: string) => void }) => (
  <select {...common} className={css.native} value={value} onChange={(event) => onPick(event.target.value)}>
    <option value="">{field.required ? t('common.choose') : p('chooseNone')}</option>
    {options.map((option) => <option key={option.value} value={option.value}>{option.parent ? '　' : ''}{option.label}</option>)}
  </select>
)

function Several({ name, options, value, onChange }: { name: string; options: readonly Option[]; value: readonly string[]; onChange: (value: unknown) => void }) {
  const toggle = (key: string) => onChange(value.includes(key) ? value.filter((each) => each !== key) : [...value, key])
  return (
    <div role="group" aria-label={name} className={css.several}>
      {options.map((option) => <button key={option.value} type="button" aria-pressed={value.includes(option.value)} onClick={() => toggle(option.value)}>{option.label}</button>)}
    </div>
  )
}

/** 「50万」 is shown as it is typed and sent as 500000. */
function NumberInput({ field, value, onChange, common }: { field: FieldShape; value: unknown; onChange: (value: unknown) => void; common: Common }) {
  const [text, setText] = useState(plain(value))
  const parsed = parseDecimal(text)
  const put = (next: string) => {
    setText(next)
    const read = parseDecimal(next)
    onChange(next.trim() === '' ? null : !read.ok ? next : field.kind === 'integer' && !read.value.includes('.') ? Number(read.value) : read.value)
  }
  const said = parsed.ok && parsed.value.length > 4 ? (field.kind === 'money' ? money(parsed.value, 'exact') : number(parsed.value)) : null
  return <Input {...common} inputMode={field.kind === 'money' ? 'text' : 'decimal'} value={text} onText={put} before={field.kind === 'money' ? <span className="hint">¥</span> : undefined} after={<span className="hint">{said}{field.kind === 'percent' ? '%' : ''}</span>} />
}

/** A record is found by typing; what is chosen stands above what was found. */
function RecordInput({ field, value, onChange, related, common }: { field: FieldShape; value: unknown; onChange: (value: unknown) => void; related: Related; common: Common }) {
  const any = field.kind === 'anyReference'
  const id = any ? (value as { id: string } | null)?.id : (value as string | null)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const sought = text.trim()
  const found = useQuery({ queryKey: keys.search(sought), queryFn: ({ signal }) => call('search', { query: { q: sought, limit: 20 } }, { signal }), enabled: sought !== '', placeholderData: keepPreviousData })
  const allowed = (object: string) => field.to === '*' || field.to === object || (Array.isArray(field.to) && field.to.includes(object))
  const hits = sought ? (found.data?.hits ?? []).filter((hit) => allowed(hit.object)).slice(0, 6) : []
  const title = id ? (chosen ?? related[id]?.title ?? t('records.hiddenRecord')) : null
  return (
    <div className={css.reference}>
      {title && <div className={css.chosen}><span className="grow">{title}</span>{!field.required && <button type="button" onClick={() => { setChosen(null); onChange(null) }}>{t('common.clear')}</button>}</div>}
      <Input {...common} type="search" placeholder={t('common.search')} value={text} onText={setText} />
      {hits.map((hit) => <button key={hit.id} type="button" className={css.hit} onClick={() => { setChosen(hit.title); setText(''); onChange(any ? { object: hit.object, id: hit.id } : hit.id) }}><span>{hit.title}</span><span className="hint">{hit.subtitle}</span></button>)}
      {sought && found.data && hits.length === 0 && <p className="hint">{t('common.noMatch')}</p>}
    </div>
  )
}
