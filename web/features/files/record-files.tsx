import { useQuery } from '@tanstack/react-query'
import type { FileShape, RecordShape } from '#contract/api'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { addressFor, ApiError, call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { cx } from '../../design/classes.ts'
import { ago } from '../../design/format.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { refreshRecords } from '../records/acts.ts'
import css from './files.module.css'
import { AddButton, DropPlace, FileRow, Uploads } from './pieces.tsx'
import { useUploads } from './use-uploads.ts'

const Preview = lazy(() => import('./preview.tsx'))

interface Props { object: ObjectFacts; record: RecordShape; field: Pick<FieldShape, 'key' | 'label'>; editable: boolean }

/** The files of one field of a record, to look at, add and remove; each change is a change of the record. */
export default function RecordFiles({ object, record, field, editable }: Props) {
  const { items, uploads, add, drop, remove } = useRecordFiles({ object, record, field })
  return (
    <DropPlace onFiles={editable ? add : null} className={css.compact}>
      <FileList items={items} at={{ object: object.key, id: record.id, field: field.key }} onRemove={editable ? remove : undefined} uploads={<Uploads uploads={uploads} onDrop={drop} />} />
      {editable ? <AddButton quiet label={t('files.addTo', { name: label(field.label) })} onFiles={add}>{t('files.add')}</AddButton> : items?.length === 0 && <span className="hint">{t('files.noneRead')}</span>}
    </DropPlace>
  )
}

export function useRecordFiles({ object, record, field }: Omit<Props, 'editable'>) {
  const held = (record.values[field.key] as readonly string[] | null | undefined) ?? []
  const { data } = useQuery({ queryKey: keys.files(object.key, record.id), queryFn: ({ signal }) => call('recordFiles', { params: { object: object.key, id: record.id } }, { signal }), enabled: held.length > 0 })
  const { uploads, take, drop } = useUploads()
  const put = (change: (ids: readonly string[]) => readonly string[]) => rewrite(object.key, record.id, field.key, change)
  const add = (files: readonly File[]) => void take(files).then(async (done) => {
    const added = done.map(({ id }) => id)
    if (added.length > 0 && (await put((ids) => [...ids, ...added]))) say(t('files.added', { n: added.length }), () => put((ids) => ids.filter((id) => !added.includes(id))))
  })
  const remove = (file: FileShape) => void put((ids) => ids.filter((id) => id !== file.id)).then((done) => { if (done) say(t('files.removed', { name: file.name }), () => put((ids) => [...ids, file.id])) })
  const items = held.length === 0 ? [] : data?.items.filter((file) => file.field === field.key && held.includes(file.id))
  return { items, uploads, add, drop, remove }
}

/** Somebody may have added theirs in the meantime: what is there is read first, and once more when it has just moved. */
async function rewrite(object: string, id: string, field: string, change: (ids: readonly string[]) => readonly string[]): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { record } = await call('getRecord', { params: { object, id } })
      await call('updateRecord', { params: { object, id }, body: { version: record.version, values: { [field]: change((record.values[field] as string[] | null | undefined) ?? []) } } })
      void refreshRecords(object)
      void queries.invalidateQueries({ queryKey: keys.record(object, id) })
      return true
    } catch (error) {
      if (error instanceof ApiError && error.code === 'VERSION_STALE' && attempt < 4) continue
      sayTrouble(sentenceOf(error))
      return false
    }
  }
}

interface ListProps { items: readonly FileShape[] | undefined; at: { object: string; id: string; field: string }; onRemove: ((file: FileShape) => void) | undefined; uploads: React.ReactNode; className?: string }
export function FileList({ items = [], at: { object, id, field }, onRemove, uploads, className }: ListProps) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState<FileShape | null>(null)
  const address = (file: FileShape) => addressFor('recordFile', { params: { object, id, field, file: file.id } })
  const look = (file: FileShape) => { if (file.type === 'application/pdf') window.open(`${address(file)}?inline=1`, '_blank', 'noopener'); else setOpen(file) }
  return (
    <>
      <ul className={cx(css.list, className)}>
        {items.map((file) => <FileRow key={file.id} file={file} address={address(file)} hint={[catalogue.member(file.uploadedBy)?.name, ago(file.uploadedAt)].filter(Boolean).join(' ')} onOpen={file.inline ? () => look(file) : undefined} onRemove={onRemove && (() => onRemove(file))} />)}
        {uploads}
      </ul>
      {open && <Suspense><Preview file={open} address={address(open)} onClose={() => setOpen(null)} /></Suspense>}
    </>
  )
}
