import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Missing } from '../../app/states.tsx'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { pressRule } from '../acts/press.ts'
import { useOffered, type ActFacts, type ConversionFacts } from '../acts/offered.ts'
import { LockBanner, lockEntry } from '../acts/lock.tsx'
import { takeCopy } from '../erasures/query.ts'
import { activityOf, takesFollowUps } from '../followup/activity.ts'
import { CallButton } from '../followup/call-button.tsx'
import { FollowUp, type FollowUpStart } from '../followup/follow-up.tsx'
import { removeMany, targetOf } from './acts.ts'
import { FieldsPanel } from './fields-panel.tsx'
import { StageHint } from './hint.tsx'
import { NextPanel } from './next-panel.tsx'
import { RecordHead } from './record-head.tsx'
import css from './record.module.css'
import { suggestsChanges } from '../suggestions/use-suggest.ts'
import { TimelinePanel } from './timeline-panel.tsx'
import type { Related } from './value.tsx'

const FollowButton = lazy(() => import('../comments/follow-button.tsx'))
const PrintButton = lazy(() => import('../prints/print-button.tsx'))
const Why = lazy(() => import('./why-drawer.tsx'))
const Lines = lazy(() => import('../lines/lines-panel.tsx'))
const History = lazy(() => import('./history-drawer.tsx'))
const ActDialog = lazy(() => import('../acts/act-dialog.tsx'))
const Behind = lazy(() => import('../intake/behind-drawer.tsx'))
const SuggestChanges = lazy(() => import('../suggestions/suggest-changes.tsx'))
const AskErasure = lazy(() => import('../erasures/ask-erasure.tsx'))
const ConvertDialog = lazy(() => import('../acts/convert-dialog.tsx'))

/** One record: what it is, what happened, what is next. */
export default function RecordPage() {
  const { object: key = '', id = '' } = useParams({ strict: false }) as { object?: string; id?: string }
  const object = useCatalogue().object(key)
  const { data, error, refetch } = useQuery({ queryKey: keys.record(key, id), queryFn: ({ signal }) => call('getRecord', { params: { object: key, id } }, { signal }), enabled: Boolean(object) })
  useLive(object ? { kind: 'record', object: key, id } : null, () => void queries.invalidateQueries({ queryKey: keys.record(key, id) }))
  if (!object) return <Missing />
  // Also when it was here a moment ago: whoever may no longer see it keeps nothing of it on screen.
  if (error instanceof ApiError && error.status === 404) return <Page title={label(object.label)}><Panel label={error.message}><Empty icon="search" title={error.message} act={<Link className="link" to={at.list(key)}>{t('records.seeAllRelated')}</Link>}>{error.remedy}</Empty></Panel></Page>
  if (data) return <Loaded object={object} record={data.record} related={data.related} />
  if (error) return <Page title={label(object.label)}><Panel label={label(object.label)}><Failure error={error} onRetry={refetch} /></Panel></Page>
  return <Page title={label(object.label)} shown={<div className={css.bone} />}><div className={css.columns}><Panel label={t('common.loading')}><Skeleton rows={9} height={36} /></Panel><Panel label={t('common.loading')}><Skeleton rows={6} height={56} /></Panel><Panel label={t('common.loading')}><Skeleton rows={4} height={44} /></Panel></div></Page>
}

type Drawer = { kind: 'why'; focus?: string } | { kind: 'history' } | { kind: 'act'; act: ActFacts } | { kind: 'convert'; conversion: ConversionFacts } | { kind: 'behind' } | { kind: 'erase' } | { kind: 'suggest' } | null

function Loaded({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const [following, setFollowing] = useState<FollowUpStart | null>(null)
  const [drawer, setDrawer] = useState<Drawer>(null)
  const canFollow = takesFollowUps(activityOf(useCatalogue()), object.key)
  const subject = { object: object.key, id: record.id, title: record.title }
  const phone = object.fields.find((field) => field.kind === 'phone' && typeof record.values[field.key] === 'string')
  const offered = useOffered(record)
  const navigate = useNavigate()
  const menu = useMenu(object, record, { acts: offered.acts, onOpen: setDrawer })
  const acts = (
    <>
      {!object.immutable && <Suspense><FollowButton subject={{ object: object.key, id: record.id }} /></Suspense>}
      <Suspense><PrintButton record={{ object: object.key, id: record.id }} /></Suspense>
      <MenuButton icon="more" look="plain" label={t('records.more')} entries={menu} />
      {offered.rules.map((rule) => <Button key={rule.key} icon="bolt" onClick={() => void pressRule(rule, [record.id])}>{label(rule.label)}</Button>)}
      {offered.conversions.map((conversion) => <Button key={conversion.key} onClick={() => setDrawer({ kind: 'convert', conversion })}>{label(conversion.label)}</Button>)}
      {suggestsChanges(object, record) && <Button icon="edit" onClick={() => setDrawer({ kind: 'suggest' })}>{t('suggestions.change')}</Button>}
      {canFollow && phone && <CallButton big phone={String(record.values[phone.key])} name={record.title} onFollow={() => setFollowing({ subject, known: [], method: 'phone' })} />}
      {canFollow && <Button look="primary" onClick={() => setFollowing({ subject, known: [] })}>{t('followup.add')}</Button>}
    </>
  )
  return (
    <Page wide title={record.title} shown={<RecordHead object={object} record={record} onWhy={() => setDrawer({ kind: 'why' })} />} acts={acts}>
      <StageHint record={record} />
      <LockBanner object={object} record={record} />
      {object.lines && <div className={css.lines}><Suspense fallback={<Panel label={t('common.loading')}><Skeleton rows={3} height={40} /></Panel>}><Lines object={object} record={record} /></Suspense></div>}
      <div className={css.columns}>
        <FieldsPanel object={object} record={record} related={related} />
        <TimelinePanel object={object} record={record} onWhy={(focus) => setDrawer({ kind: 'why', ...(focus ? { focus } : {}) })} />
        <NextPanel object={object} record={record} related={related} />
      </div>
      {following && <FollowUp start={following} onClose={() => setFollowing(null)} />}
      <Suspense>
        {drawer?.kind === 'why' && <Why object={object} record={record} onClose={() => setDrawer(null)} />}
        {drawer?.kind === 'act' && <ActDialog act={drawer.act} ids={[record.id]} what={record.title} onClose={() => setDrawer(null)} />}
        {drawer?.kind === 'erase' && <AskErasure record={{ object: object.key, id: record.id }} title={record.title} onClose={() => setDrawer(null)} />}
        {drawer?.kind === 'suggest' && <SuggestChanges object={object} record={record} related={related} onClose={() => setDrawer(null)} />}
        {drawer?.kind === 'behind' && <Behind object={object.key} id={record.id} title={record.title} onClose={() => setDrawer(null)} />}
        {drawer?.kind === 'convert' && <ConvertDialog conversion={drawer.conversion} record={record} onClose={(made) => { setDrawer(null); if (made?.length === 1) void navigate({ to: at.record(made[0]!.object, made[0]!.id) }) }} />}
        {drawer?.kind === 'history' && <History object={object} record={record} onClose={() => setDrawer(null)} />}
      </Suspense>
    </Page>
  )
}

interface MenuActs { acts: readonly ActFacts[]; onOpen: (drawer: Drawer) => void }

function useMenu(object: ObjectFacts, record: RecordShape, { acts, onOpen }: MenuActs): MenuEntry[] {
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  const remove = () => void removeMany(object.key, [targetOf(record)]).then((done) => { if (done) void navigate({ to: at.list(object.key) }) })
  return [
    ...acts.map((act): MenuEntry => ({ key: act.key, label: label(act.label), danger: act.danger === true, onPick: () => onOpen({ kind: 'act', act }) })),
    ...(acts.length > 0 ? ['line' as const] : []),
    ...lockEntry(record),
    { key: 'history', label: t('records.history'), icon: 'history', onPick: () => onOpen({ kind: 'history' }) },
    ...(catalogue.can('intake') && catalogue.forms.some((form) => form.object === object.key) ? [{ key: 'behind', label: t('intake.behind'), icon: 'form' as const, onPick: () => onOpen({ kind: 'behind' }) }] : []),
    { key: 'link', label: t('records.copyLink'), icon: 'link', onPick: () => { void navigator.clipboard?.writeText(location.href); say(t('common.copied')) } },
    ...(object.person !== undefined && catalogue.can('personal') ? ['line' as const,
      { key: 'copy', label: t('erasures.copy'), icon: 'download' as const, onPick: () => { takeCopy({ object: object.key, id: record.id }); say(t('erasures.copying')) } },
      { key: 'erase', label: `${t('erasures.ask')}…`, icon: 'trash' as const, danger: true, onPick: () => onOpen({ kind: 'erase' }) }] : []),
    ...(record.can.delete ? ['line' as const, { key: 'delete', label: t('records.deleteRecord'), icon: 'trash' as const, danger: true, onPick: remove }] : []),
  ]
}
