import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { Suspense, useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { at } from '../../app/paths.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Failure, Grade, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { activityOf, takesFollowUps } from '../../features/followup/activity.ts'
import { useOffered, type PressFacts } from '../../features/acts/offered.ts'
import type { Doing } from './act-sheets.tsx'
import { StageHint } from '../../features/records/hint.tsx'
import { removeMany, tagMany, targetOf, transfer } from '../../features/records/acts.ts'
import { setFollowing, useFollowing } from '../../features/comments/follow-button.tsx'
import { label, t } from '../../i18n/index.ts'
import { CallLink, canDial } from '../follow/call-link.tsx'
import { openFollowUp } from '../follow/state.ts'
import { back } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import screen from '../frame/screen.module.css'
import { Rows, Sheet, type Row } from '../frame/sheet.tsx'
import { gradeOf } from '../home/grades.ts'
import { FieldsPanel } from './fields.tsx'
import { Missing } from './missing.tsx'
import { NextPanel } from './next.tsx'
import css from './record.module.css'
import { subtitleOf, type Related } from './text.ts'
import { TimelinePanel } from './timeline.tsx'
import { later } from '../words/later.ts'

const Attachments = later(() => import('../../features/files/attachments.tsx'))
const Openings = later(() => import('../../features/links/openings-panel.tsx'))
const Why = later(() => import('./why.tsx'))
const DoingSheet = later(() => import('./act-sheets.tsx'))
const LockBar = later(() => import('./lock.tsx'))
const TransferSheet = later(() => import('./transfer-sheet.tsx'))
const Collaborators = later(() => import('./collaborators.tsx'))
const SuggestSheet = later(() => import('./suggest.tsx'))
const Lines = later(() => import('../../features/lines/lines-panel.tsx'))

/** What is next, what happened, what it is. */
export default function RecordPage({ object: key, id }: { object: string; id: string }) {
  const object = useCatalogue().object(key)
  const { data, error, refetch } = useQuery({ queryKey: keys.record(key, id), queryFn: ({ signal }) => call('getRecord', { params: { object: key, id } }, { signal }), enabled: Boolean(object) })
  useLive(object ? { kind: 'record', object: key, id } : null, () => void queries.invalidateQueries({ queryKey: keys.record(key, id) }))
  if (!object) return <Missing />
  // Also when it was here a moment ago: whoever may no longer see it keeps nothing of it on screen.
  if (error instanceof ApiError && error.status === 404) return <Missing title={error.message} help={error.remedy} />
  if (data) return <Loaded object={object} record={data.record} related={data.related} />
  return <Screen small title={label(object.label)} backTo={at.list(key)}>{error ? <Panel><Failure error={error} onRetry={refetch} /></Panel> : <Panel label={t('common.loading')}><Skeleton rows={8} height={64} /></Panel>}</Screen>
}

type Open = 'menu' | 'why' | 'owner' | 'tags' | 'suggest' | Doing | null

function Loaded({ object, record, related }: { object: ObjectFacts; record: RecordShape; related: Related }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const offered = useOffered(record)
  const grading = catalogue.gradings.find((each) => each.object === object.key)
  const grade = grading && gradeOf(catalogue, object.key, record.values[grading.field] as string | null)
  const owner = catalogue.member(record.values['owner'] as number | null)
  const follows = takesFollowUps(activityOf(catalogue), object.key)
  const phoneField = object.fields.find((field) => field.kind === 'phone' && typeof record.values[field.key] === 'string')
  const phone = phoneField ? String(record.values[phoneField.key]) : null
  const subject = { object: object.key, id: record.id, title: record.title, company: subtitleOf(catalogue, object, record, related) || null }
  const dialable = phone !== null && canDial(phone)
  return (
    <Screen
      small title={record.title || t('records.untitled')} backTo={at.list(object.key)} hint={label(object.label)}
      acts={<IconButton icon="more" label={t('records.more')} aria-haspopup="dialog" onClick={() => setOpen('menu')} />}
      act={follows && <div className={screen.actbar}>{dialable && <CallLink subject={subject} phone={phone} />}<Button look="primary" icon="edit" onClick={() => openFollowUp({ subject })}>{t('followup.add')}</Button></div>}
    >
      <div className={css.stack}>
        <div className={css.headline}>
          <div className={css.facts}>
            {grade && <Grade colour={grade.colour}>{grade.word}</Grade>}
            {subject.company && <span className="quiet">{subject.company}</span>}
          </div>
          <div className={css.facts}>
            {record.tags.map((key) => { const tag = catalogue.tag(key); return <Tag key={key} policy={tag?.policy}>{tag ? label(tag.label) : key}</Tag> })}
            {object.field.has('owner') && <span className="hint">{label(object.field.get('owner')?.label)} {owner?.name ?? t('records.noOwner')}</span>}
            <button type="button" className={css.why} onClick={() => setOpen('why')}>{t('records.why')}</button>
          </div>
        </div>
        {record.values['locked'] === true && <Suspense><LockBar record={record} /></Suspense>}
        <StageHint record={record} />
        {object.track && <Suspense><Openings object={object} record={record} /></Suspense>}
        <NextPanel object={object} record={record} related={related} />
        {object.lines && <Suspense><Lines object={object} record={record} /></Suspense>}
        {object.field.has('attachments') && !object.immutable && <Suspense><Attachments object={object} record={record} /></Suspense>}
        <TimelinePanel object={object} record={record} onWhy={() => setOpen('why')} />
        <FieldsPanel object={object} record={record} related={related} />
        <Suspense><Collaborators object={object} record={record} /></Suspense>
      </div>
      {open === 'menu' && <Menu object={object} record={record} rules={offered.rules} offered={[...offered.conversions.map((conversion) => ({ conversion })), ...offered.acts.map((act) => ({ act }))]} onOpen={setOpen} onClose={close} />}
      {open !== null && typeof open === 'object' && <Suspense><DoingSheet doing={open} record={record} onClose={close} /></Suspense>}
      {open === 'why' && <Suspense><Why object={object} record={record} onClose={close} /></Suspense>}
      {open === 'owner' && <Suspense><TransferSheet object={object} what={record.title} owner={owner?.id ?? null} onClose={close} onGive={(giving) => { close(); void transfer(catalogue, object.key, [targetOf(record)], giving) }} /></Suspense>}
      {open === 'suggest' && <Suspense><SuggestSheet object={object} record={record} related={related} onClose={close} /></Suspense>}
      {open === 'tags' && <TagSheet object={object} record={record} onClose={close} />}
    </Screen>
  )
}

function Menu({ object, record, rules, offered, onOpen, onClose }: { object: ObjectFacts; record: RecordShape; rules: readonly PressFacts[]; offered: readonly Doing[]; onOpen: (open: Open) => void; onClose: () => void }) {
  const copy = () => { void navigator.clipboard?.writeText(location.href); say(t('common.copied')); onClose() }
  const remove = () => { onClose(); void removeMany(object.key, [targetOf(record)]).then((done) => { if (done) back(at.list(object.key)) }) }
  const subject = { object: object.key, id: record.id }
  const following = useFollowing(subject)?.following ?? false
  const prints = useCatalogue().prints.filter((each) => each.object === object.key)
  const named = (doing: Doing) => ('act' in doing ? doing.act : doing.conversion)
  const rows: Row[] = [
    ...rules.map((rule): Row => ({ key: `press-${rule.key}`, label: t('rules.press', { name: label(rule.label) }), onPick: () => { onClose(); void import('../../features/acts/press.ts').then(({ pressRule }) => pressRule(rule, [record.id])) } })),
    ...offered.map((doing): Row => ({ key: `do-${named(doing).key}`, label: label(named(doing).label), danger: 'act' in doing && doing.act.danger === true, onPick: () => onOpen(doing) })),
    ...(object.immutable ? [] : [{ key: 'follow', label: t(following ? 'comments.unfollow' : 'comments.follow'), onPick: () => { onClose(); void setFollowing(subject, !following) } }]),
    ...(object.can.suggest && !record.can.edit && !object.immutable ? [{ key: 'suggest', label: t('suggestions.change'), onPick: () => onOpen('suggest') }] : []),
    ...(record.can.edit ? [{ key: 'tags', label: t('records.addTag'), onPick: () => onOpen('tags') }] : []),
    ...(record.can.transfer ? [{ key: 'owner', label: t('records.transfer'), onPick: () => onOpen('owner') }] : []),
    ...(record.can.unlock && record.values['locked'] !== true ? [{ key: 'lock', label: t('acts.lock'), onPick: () => { onClose(); void import('../../features/acts/locking.ts').then(({ setLocked }) => setLocked(record, true)) } }] : []),
    ...prints.map((each) => ({ key: `print-${each.key}`, label: t('prints.printNamed', { name: label(each.label) }), onPick: () => { onClose(); void import('../../features/prints/share-print.ts').then(({ sharePrint }) => sharePrint(subject, each)) } })),
    { key: 'why', label: t('records.why'), onPick: () => onOpen('why') },
    { key: 'copy', label: t('records.copyLink'), onPick: copy },
    ...(record.can.delete ? [{ key: 'delete', label: t('records.deleteRecord'), danger: true, onPick: remove }] : []),
  ]
  return <Sheet label={t('records.more')} title={record.title} onClose={onClose}><Rows label={t('records.more')} rows={rows} /></Sheet>
}

/** One press puts a tag on or takes it off; tags that decide rights are not for this. */
function TagSheet({ object, record, onClose }: { object: ObjectFacts; record: RecordShape; onClose: () => void }) {
  const catalogue = useCatalogue()
  const toggle = (key: string, on: boolean) => { onClose(); void tagMany(object.key, [record], on ? [] : [key], on ? [key] : []) }
  return <Sheet label={t('records.addTag')} title={t('records.addTag')} onClose={onClose}><Rows label={t('records.addTag')} rows={catalogue.tags.filter((tag) => !tag.policy && !tag.segment).map((tag) => { const on = record.tags.includes(tag.key); return { key: tag.key, label: label(tag.label), chosen: on, onPick: () => toggle(tag.key, on) } })} /></Sheet>
}
