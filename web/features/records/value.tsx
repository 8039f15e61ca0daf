import type { RecordShape } from '#contract/api'
import { useCatalogue, type Catalogue, type FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { ago, clockTime, money, number, onTheClock, phone, region, yuan } from '../../design/format.ts'
import { Avatar, Grade, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './value.module.css'

export type Related = Readonly<Record<string, { object: string; title: string }>>
type Ref = { object: string; id: string }
export const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** Value of a field as plain text, for changes and messages. Tags and references included. */
export function textOf(catalogue: Catalogue, field: Pick<FieldShape, 'kind' | 'dictionary' | 'named'> & { key?: string; base?: boolean }, value: unknown, related: Related): string {
  if (isBlank(value)) return t('common.none')
  if (field.base && field.key === 'origin') return originText(catalogue, String(value))
  switch (field.kind) {
    case 'money': return money(String(value), 'exact')
    case 'percent': return `${number(String(value))}%`
    case 'integer': case 'decimal': return number(String(value))
    case 'boolean': return value === true ? t('common.yes') : t('common.no')
    case 'datetime': return clockTime(String(value))
    case 'select': return label(catalogue.option(field.dictionary, String(value))?.label) || String(value)
    case 'multiselect': return (value as string[]).map((key) => label(catalogue.option(field.dictionary, key)?.label) || key).join(t('common.listGap'))
    case 'tags': return (value as string[]).map((key) => label(catalogue.tag(key)?.label) || key).join(t('common.listGap'))
    case 'phone': return phone(String(value))
    case 'region': return region(String(value))
    case 'member': return catalogue.member(Number(value))?.name ?? t('common.unknownMember')
    // The log tells names.
    case 'members': return typeof value === 'string' ? value : (value as number[]).map((id) => catalogue.member(id)?.name ?? t('common.unknownMember')).join(t('common.listGap'))
    case 'team': return catalogue.team(Number(value))?.name ?? String(value)
    case 'reference': return related[String(value)]?.title ?? t('records.hiddenRecord')
    case 'anyReference': return related[(value as Ref).id]?.title ?? t('records.hiddenRecord')
    case 'file': return t('records.files', { n: (value as unknown[]).length })
    default: return label(field.named?.[String(value)]) || String(value)
  }
}

/** By hand, through which form, by which rule: the log writes kind and key. */
function originText(catalogue: Catalogue, origin: string): string {
  const [kind = '', key = ''] = origin.split(':')
  if (key === 'push') return t('records.origin_push')
  if (key === 'link') return t('records.origin_link')
  const words = ['member', 'source', 'form', 'rule', 'import', 'api', 'system', 'timer'] as const
  const known = words.find((word) => word === kind)
  const form = catalogue.forms.find((each) => each.key === key)
  return known ? t(`records.origin_${known}`) + (form ? t('common.quote', { text: label(form.label) }) : '') : origin
}

/** A value as it stands in a list or on a record's page; the empty one stays quiet. */
export function Value({ field, value, related, linked = true }: { field: FieldShape; value: unknown; related: Related; linked?: boolean }) {
  const catalogue = useCatalogue()
  if (isBlank(value)) return <span className={css.blank}>—</span>
  switch (field.kind) {
    case 'select': return <OptionValue field={field} value={String(value)} whole={linked} />
    case 'tags': return <Tags keys={value as string[]} />
    case 'datetime': return <time dateTime={String(value)} title={clockTime(String(value))}>{ago(String(value))}</time>
    case 'money': if (linked) return <Money value={String(value)} />
      return <span className="num" title={money(String(value), 'exact')}>{money(String(value))}</span>
    case 'integer': case 'decimal': case 'percent': case 'date': case 'auto': return <span className="num">{textOf(catalogue, field, value, related)}</span>
    case 'member': return <Member id={Number(value)} />
    case 'phone': return linked && !String(value).startsWith('*') ? <a className="num link" href={`tel:${String(value)}`}>{phone(String(value))}</a> : <span className="num">{phone(String(value))}</span>
    case 'email': return linked ? <a className="link" href={`mailto:${String(value)}`}>{String(value)}</a> : <>{String(value)}</>
    case 'url': return linked && /^https?:\/\//.test(String(value)) ? <a className="link" href={String(value)} target="_blank" rel="noreferrer noopener">{String(value)}</a> : <>{String(value)}</>
    case 'reference': case 'anyReference': return <RecordLink reference={refOf(field, value)} related={related} linked={linked} />
    case 'long': return <span className={css.long}>{String(value)}</span>
    default: return <>{textOf(catalogue, field, value, related)}</>
  }
}

/** On a record's page to the cent, with the size that is said aloud beside it. */
export const Money = ({ value }: { value: string }) => <span className="num">{yuan(value)}{Math.abs(Number(value)) >= 10_000 && <span className="hint">　{money(value)}</span>}</span>

/** In a list the option alone; on the record's page with what it belongs to. */
function OptionValue({ field, value, whole }: { field: FieldShape; value: string; whole: boolean }) {
  const catalogue = useCatalogue()
  const option = catalogue.option(field.dictionary, value)
  const parent = option?.parent ? catalogue.option(field.dictionary, option.parent) : undefined
  const name = option ? label(option.label) : value
  const grading = catalogue.gradings.some((each) => each.field === field.key && catalogue.object(each.object)?.field.get(field.key) === field)
  if (grading) return <Grade colour={option?.colour}>{name}</Grade>
  return <>{whole && parent && <span className="quiet">{label(parent.label)} / </span>}{name}</>
}

export function Tags({ keys, most = 20 }: { keys: readonly string[]; most?: number }) {
  const catalogue = useCatalogue()
  return <span className={css.tags}>{keys.slice(0, most).map((key) => { const tag = catalogue.tag(key); return <Tag key={key} policy={tag?.policy}>{tag ? label(tag.label) : key}</Tag> })}{keys.length > most && <span className="hint">+{keys.length - most}</span>}</span>
}

export function Member({ id, plain }: { id: number | null; plain?: boolean }) {
  const catalogue = useCatalogue()
  const member = catalogue.member(id)
  if (!member) return <span className="hint">{id ? t('common.unknownMember') : t('records.noOwner')}</span>
  return plain ? <>{member.name}</> : <span className={css.member}><Avatar text={member.avatar} size={22} away={Boolean(member.away)} />{member.name}{member.away && <span className="hint" title={t('absences.awayUntil', { when: onTheClock(member.away.until) })}>{t('absences.awayShort')}</span>}</span>
}

const refOf = (field: FieldShape, value: unknown): Ref => (field.kind === 'anyReference' ? (value as Ref) : { object: typeof field.to === 'string' ? field.to : '', id: String(value) })
function RecordLink({ reference, related, linked }: { reference: Ref; related: Related; linked: boolean }) {
  const known = related[reference.id]
  if (!known) return <span className="hint">{t('records.hiddenRecord')}</span>
  return linked ? <To to={at.record(known.object, reference.id)} className="link">{known.title}</To> : <>{known.title}</>
}

/** Tags and base columns are read like fields. */
export const valueOf = (record: RecordShape, key: string): unknown => (key === 'tags' ? record.tags : record.values[key])
