import type { FileShape } from '#contract/api'
import { useState } from 'react'
import { cx } from '../../design/classes.ts'
import { t } from '../../i18n/index.ts'
import css from './files.module.css'
import { AddButton, DropPlace, FileRow, Uploads } from './pieces.tsx'
import { useUploads } from './use-uploads.ts'

/** Files of a record that is not there yet: uploaded at once, named by the record when it is saved. */
export default function FilesInput({ label, value, onChange }: { label: string; value: readonly string[]; onChange: (ids: string[]) => void }) {
  const [known, setKnown] = useState<readonly FileShape[]>([])
  const { uploads, take, drop } = useUploads()
  const add = (files: readonly File[]) => void take(files).then((done) => { setKnown((all) => [...all, ...done]); onChange([...value, ...done.map(({ id }) => id)]) })
  return (
    <DropPlace onFiles={add} className={cx(css.input, css.compact)}>
      <ul className={css.list} aria-label={label}>
        {known.filter(({ id }) => value.includes(id)).map((file) => <FileRow key={file.id} file={file} onRemove={() => onChange(value.filter((id) => id !== file.id))} />)}
        <Uploads uploads={uploads} onDrop={drop} />
      </ul>
      <AddButton quiet label={t('files.addTo', { name: label })} onFiles={add}>{t('files.add')}</AddButton>
    </DropPlace>
  )
}
