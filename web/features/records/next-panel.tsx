import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { now } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { cx } from '../../design/classes.ts'
import { ago, clockTime, remaining } from '../../design/format.ts'
import { IconButton } from '../../design/button.tsx'
import { Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { activityOf, takesFollowUps } from '../followup/activity.ts'
import { relationName } from '../conditions/names.ts'
import { relationsOf, type RelationChoice } from '../conditions/tree.ts'
import { subtitleOf } from './subtitle.ts'
import { Collaborators } from './collaborators.tsx'
import { OpenTasks } from './open-tasks.tsx'
import { countText } from './count.ts'
import { usualSort } from './first-view.ts'
import { inheritedFrom, isConverted } from './inherited.ts'
import { referTo } from './references.ts'
import css from './record.module.css'
import type { Related } from './value.tsx'

const Openings = lazy(() => import('../links/openings-panel.tsx'))
const Attachments = lazy(() => import('../files/attachments.tsx'))
const CreateRecord = lazy(async () => ({ default: (await import('./create-record.tsx')).CreateRecord }))

/** What is next: when to speak again, what is open, and what belongs to it. */
export function NextPanel({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const catalogue = useCatalogue()
  const relations = relationsOf(catalogue, object.key, relationName)
  const tasks = relations.find((relation) => relation.object === 'task')
  const shown = relations.filter((relation) => relation !== tasks && isOwnChild(catalogue, object, relation))
  return (
    <div className={css.next}>
      {object.track && <Suspense><Openings object={object} record={record} /></Suspense>}
      {object.field.has('next_contact_at') && takesFollowUps(activityOf(catalogue), object.key) && <Contact record={record} />}
      {tasks && <OpenTasks object={object} record={record} relation={tasks} />}
      <Collaborators object={object} record={record} />
      {object.field.has('attachments') && !object.immutable && <Suspense fallback={<Panel title={t('files.attachments')}><Skeleton rows={1} height={32} /></Panel>}><Attachments object={object} record={record} /></Suspense>}
      {shown.map((relation) => <RelatedPanel key={`${relation.object}.${relation.via}`} object={object} record={record} related={related} relation={relation} />)}
    </div>
  )
}

/** Follow-ups and behaviours stand in the timeline; here stand the records people work with. */
function isOwnChild(catalogue: Catalogue, parent: ObjectFacts, relation: RelationChoice): boolean {
  const child = catalogue.object(relation.object)
  const field = child?.field.get(relation.via)
  return Boolean(child && !child.activity && !child.immutable && !child.part && child.can.read && child.key !== parent.key && (field?.kind === 'reference' || child.track?.subject === relation.via))
}

function Contact({ record }: { record: RecordShape }) {
  const next = record.values['next_contact_at'] as string | null | undefined
  const last = record.values['last_activity_at'] as string | null | undefined
  const late = next ? Date.parse(next) < now().getTime() : false
  return (
    <Panel label={t('records.nextContact')} className={css.contact}>
      <div><span className="hint">{t('records.nextContact')}</span><b className={cx(late && 'danger')}>{next ? <time dateTime={next} title={clockTime(next)}>{remaining(next)}</time> : t('records.notSet')}</b>{next && <span className="hint num">{clockTime(next).slice(5)}</span>}</div>
      <div><span className="hint">{t('records.lastContact')}</span><b>{last ? <time dateTime={last} title={clockTime(last)}>{ago(last)}</time> : t('common.none')}</b></div>
    </Panel>
  )
}

const MOST = 4

function RelatedPanel({ object, record, related, relation }: { object: ObjectFacts; record: RecordShape; related: Related; relation: RelationChoice }) {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const child = catalogue.object(relation.object)!
  const filter = { field: relation.via, op: 'eq' as const, value: referTo(child, relation.via, object.key, record.id) }
  const asked = { filter, ...usualSort(catalogue.views, child.key, child.field), limit: MOST + 1 }
  const { data } = useQuery({ queryKey: keys.list(child.key, { ...asked, related: true }), queryFn: ({ signal }) => call('listRecords', { params: { object: child.key }, query: asked }, { signal }) })
  const rows = data?.records ?? []
  const { data: counted } = useQuery({ enabled: rows.length > MOST, queryKey: keys.list(child.key, { filter, count: true }), queryFn: ({ signal }) => call('countRecords', { params: { object: child.key }, query: { filter } }, { signal }) })
  // What only an act of the system links, or a conversion makes, is not made from here.
  const makes = child.can.create && child.field.get(relation.via)?.write === true && !isConverted(catalogue, object.key, child.key)
  if (rows.length === 0 && !makes) return null
  return (
    <Panel title={relation.label} hint={rows.length > MOST ? (counted ? countText(counted) : `${MOST}+`) : rows.length || (data && t('records.noneRelated'))} acts={makes && <IconButton small icon="plus" label={t('records.addRelated', { name: label(child.label) })} onClick={() => setAdding(true)} />}>
      <ul>{rows.slice(0, MOST).map((row) => <li key={row.id}><Link to={at.record(child.key, row.id)} className={css.relatedRow}><span className="clip">{row.title}</span><span className="hint clip">{subtitleOf(catalogue, row, { ...data!.related, [record.id]: { object: object.key, title: record.title } })}</span></Link></li>)}</ul>
      {rows.length > MOST && <Link to={at.list(child.key)} search={{ filter } as never} className={css.fold}>{t('records.seeAllRelated')}</Link>}
      {adding && <Suspense><CreateRecord object={child.key} {...inheritedFrom(object, record, { child, via: relation.via, related })} onClose={() => setAdding(false)} onCreated={(id) => void navigate({ to: at.record(child.key, id) })} /></Suspense>}
    </Panel>
  )
}
