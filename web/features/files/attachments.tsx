import type { RecordShape } from '#contract/api'
import { useEffect, useEffectEvent } from 'react'
import type { ObjectFacts } from '../../api/catalogue.ts'
import { Panel } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './files.module.css'
import { AddButton, DropPlace, Uploads } from './pieces.tsx'
import { FileList, useRecordFiles } from './record-files.tsx'
import { filesFrom } from './upload.ts'

/** 附件: what belongs to the record as a whole. A picture pasted anywhere on the page lands here. */
export default function Attachments({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const field = object.field.get('attachments')!
  const editable = record.can.edit && field.write
  const { items, uploads, add, drop, remove } = useRecordFiles({ object, record, field })
  usePaste(editable ? add : null)
  return (
    <Panel title={t('files.attachments')} hint={items && items.length > 0 ? items.length : undefined} acts={editable && <AddButton label={t('files.add')} onFiles={add} />}>
      <DropPlace onFiles={editable ? add : null}>
        {items?.length === 0 && uploads.length === 0 && <p className={css.none}>{editable ? t(matchMedia('(pointer: coarse)').matches ? 'files.noneTouch' : 'files.none') : t('files.noneRead')}</p>}
        <FileList items={items} at={{ object: object.key, id: record.id, field: field.key }} onRemove={editable ? remove : undefined} uploads={<Uploads uploads={uploads} onDrop={drop} />} />
      </DropPlace>
    </Panel>
  )
}

function usePaste(add: ((files: File[]) => void) | null): void {
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const files = filesFrom(event.clipboardData)
    if (!add || files.length === 0 || event.defaultPrevented || document.querySelector('dialog[open]')) return
    event.preventDefault()
    add(files)
  })
  useEffect(() => {
    const hear = (event: ClipboardEvent) => onPaste(event)
    document.addEventListener('paste', hear)
    return () => document.removeEventListener('paste', hear)
  }, [])
}
