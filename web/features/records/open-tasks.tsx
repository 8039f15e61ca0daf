import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { now } from '../../api/clock.ts'
import { IconButton } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Check } from '../../design/field.tsx'
import { clockTime, remaining } from '../../design/format.ts'
import { Panel, sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import type { RelationChoice } from '../conditions/tree.ts'
import { refreshRecords } from './acts.ts'
import { referTo } from './references.ts'
import css from './record.module.css'

const CreateRecord = lazy(async () => ({ default: (await import('./create-record.tsx')).CreateRecord }))

/** Open tasks with what is left of their time; ticking one off can be taken back. */
export function OpenTasks({ object, record, relation }: { object: ObjectFacts; record: RecordShape; relation: RelationChoice }) {
  const catalogue = useCatalogue()
  const me = useMe()
  const [adding, setAdding] = useState(false)
  const task = catalogue.object(relation.object)!
  const status = task.field.get('status')
  const due = task.fields.find((field) => field.kind === 'datetime' && !field.base && !field.readOnly)
  const filter = { all: [{ field: relation.via, op: 'eq' as const, value: referTo(task, relation.via, object.key, record.id) }, ...(status ? [{ field: 'status', op: 'eq' as const, value: openOption(catalogue.options(status.dictionary)) }] : [])] }
  const { data } = useQuery({ queryKey: keys.list(task.key, { filter, open: true }), queryFn: ({ signal }) => call('listRecords', { params: { object: task.key }, query: { filter, limit: 10 } }, { signal }) })
  const rows = data?.records ?? []
  return (
    <Panel title={t('records.openTasks')} hint={rows.length || undefined} acts={task.can.create && <IconButton small icon="plus" label={t('records.addTask')} onClick={() => setAdding(true)} />}>
      {data && rows.length === 0 && <p className={css.noneYet}>{t('records.noTasks')}</p>}
      <ul>{rows.map((row) => <TaskRow key={row.id} task={row} due={due} closable={Boolean(status && row.can.edit)} done={doneOption(catalogue.options(status?.dictionary))} />)}</ul>
      {adding && <Suspense><CreateRecord object={task.key} preset={{ [relation.via]: { object: object.key, id: record.id }, owner: me.id }} known={{ [record.id]: { object: object.key, title: record.title } }} onClose={() => setAdding(false)} onCreated={() => undefined} /></Suspense>}
    </Panel>
  )
}

const openOption = (options: readonly { key: string }[]): string => options.find(({ key }) => key === 'open')?.key ?? options[0]?.key ?? 'open'
const doneOption = (options: readonly { key: string }[]): string => options.find(({ key }) => key === 'done')?.key ?? options.at(-1)?.key ?? 'done'

function TaskRow({ task, due, closable, done }: { task: RecordShape; due: FieldShape | undefined; closable: boolean; done: string }) {
  const at = due ? (task.values[due.key] as string | null) : null
  const late = at ? Date.parse(at) < now().getTime() : false
  return (
    <li className={css.task}>
      <Check checked={false} disabled={!closable} onCheck={() => void close(task, done)} aria-label={`${t('records.taskDone')} ${task.title}`} />
      <span className="grow">{task.title}</span>
      {at && <time dateTime={at} title={clockTime(at)} className={cx('hint', late && 'danger')}>{remaining(at)}</time>}
    </li>
  )
}

async function close(task: RecordShape, done: string): Promise<void> {
  const put = async (version: string, status: unknown) => { const answer = await call('updateRecord', { params: { object: task.object, id: task.id }, body: { version, values: { status } } }); await refreshRecords(task.object); return answer.record }
  try {
    const closed = await put(task.version, done)
    void queries.invalidateQueries({ queryKey: ['record'] })
    say(t('records.taskDoneSaid', { name: task.title }), () => put(closed.version, task.values['status']))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}
