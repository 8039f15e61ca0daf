import { Link } from '@tanstack/react-router'
import type { SentShape } from '#contract/api'
import { useCatalogue, type Catalogue, type FieldShape } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { label, t } from '../../i18n/index.ts'
import { textOf, type Related } from '../records/value.tsx'
import { Sent } from '../sending/sent.tsx'
import css from './rules.module.css'

/** What a step did, as it was kept: of an action more than its kind is told here. */
export interface DeedKept { on?: { object: string; id: string }; object?: unknown; [detail: string]: unknown }

/** On which record, what it changed, whom it told or asked or chose, who decided, what it made and which tags it set, by name; the rest as it is kept. `about`: the object of the run; `related`: titles of what values refer to. */
export function Deed({ kept: { on, to, asked, nobody, object, values, created, updated, added, removed, sent, grading, chosen, policy: _policy, kind: _kind, decision: _decision, from: _from, level: _level, ...rest }, about, related }: { kept: DeedKept; about: string | null; related: Related }) {
  const catalogue = useCatalogue()
  const tags = (keys: unknown): string => (keys as string[]).map((key) => t('rules.tagName', { name: label(catalogue.tag(key)?.label) || key })).join('')
  const named = (ids: readonly number[]): string => ids.map((id) => catalogue.member(id)?.name ?? t('common.unknownMember')).join(t('common.listGap'))
  const { by, reason, ...kept } = rest
  const [isWord, isAssigned] = [typeof by === 'number', chosen !== undefined]
  const objectName = typeof object === 'string' ? label(catalogue.object(object)?.label) || object : ''
  const known = created !== undefined || updated !== undefined
  const other = sent ? [] : Object.entries({ ...(isWord || isAssigned || grading !== undefined ? kept : rest), ...(!known && object !== undefined && { object }) }).filter(([, value]) => value !== undefined && value !== null)
  return (
    <>
      {on && <span> <Link to={at.record(on.object, on.id)} className="link inText">{label(catalogue.object(on.object)?.label) || on.object}</Link></span>}
      {Array.isArray(to) && <span> {named(to as number[])}</span>}
      {Array.isArray(asked) && <span> {t('rules.askedOf', { who: named(asked as number[]) })}</span>}
      {nobody === true && <span className="quiet"> {t('rules.askedNobody')}</span>}
      {isWord && <span> {named([by as number])}{typeof reason === 'string' && t('rules.saidWhy', { reason })}</span>}
      {isAssigned && <span> {typeof chosen === 'number' ? t('trial.does_owner', { name: named([chosen]) }) : t('trial.does_nobody')}</span>}
      {isObject(values) && <span> {valuesText(catalogue, { object: on?.object ?? about, values, related })}</span>}
      {typeof created === 'string' && <span> {objectName} <Link to={at.record(String(object), created)} className="link inText">{t('rules.openMade')}</Link></span>}
      {Array.isArray(updated) && <span> {objectName} {t('common.rows', { n: updated.length })}</span>}
      {typeof grading === 'string' && <span> {gradeText(catalogue, grading, to)}</span>}
      {sent !== undefined && <> <Sent whole sent={sent as SentShape} /></>}
      {Array.isArray(added) && <span> {tags(added)}</span>}
      {Array.isArray(removed) && <span> {t('rules.doesUntag', { tags: tags(removed) })}</span>}
      {other.length > 0 && <code className={css.kept}>{JSON.stringify(Object.fromEntries(other))}</code>}
    </>
  )
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function valuesText(catalogue: Catalogue, { object, values, related }: { object: string | null; values: Record<string, unknown>; related: Related }): string {
  const fields = object === null ? undefined : catalogue.object(object)?.field
  const told = Object.entries(values).map(([key, value]) => {
    const field = fields?.get(key)
    const text = isObject(value) && typeof value['add'] === 'number' ? `+${value['add']}` : keptText(catalogue, field, value, related)
    return `${label(field?.label) || key}${t('common.colon')}${text}`
  })
  return told.join(t('common.listGap'))
}

/** A value as it was kept; of a field that is gone as it is written. */
export const keptText = (catalogue: Catalogue, field: FieldShape | undefined, value: unknown, related: Related): string =>
  (field ? textOf(catalogue, field, value, related) : textOf(catalogue, { kind: 'text', dictionary: undefined, named: undefined }, isObject(value) ? JSON.stringify(value) : value, related))

function gradeText(catalogue: Catalogue, key: string, level: unknown): string {
  const grading = catalogue.gradings.find((each) => each.key === key)
  const field = grading && catalogue.object(grading.object)?.field.get(grading.field)
  const name = label(grading?.label) || key
  return typeof level === 'string' && field ? `${name}${t('common.colon')}${textOf(catalogue, field, level, {})}` : name
}
