import type { FileShape } from '#contract/api'
import { useRef, useState, type ReactNode } from 'react'
import { Button, IconButton } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Icon } from '../../design/icons.tsx'
import { Tag } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './files.module.css'
import { filesFrom, sizeOf } from './upload.ts'
import type { Uploading } from './use-uploads.ts'

/** A place to drop files on; without a right to add, only its content. */
export function DropPlace({ onFiles, children, className }: { onFiles: ((files: File[]) => void) | null; children: ReactNode; className?: string | undefined }) {
  const [over, setOver] = useState(0)
  if (!onFiles) return <div className={className}>{children}</div>
  const carries = (event: React.DragEvent) => event.dataTransfer.types.includes('Files')
  return (
    <div
      className={cx(css.place, className)} data-over={over > 0 || undefined}
      onDragEnter={(event) => { if (carries(event)) setOver((n) => n + 1) }} onDragLeave={(event) => { if (carries(event)) setOver((n) => Math.max(0, n - 1)) }}
      onDragOver={(event) => { if (carries(event)) event.preventDefault() }} onDrop={(event) => { event.preventDefault(); setOver(0); onFiles(filesFrom(event.dataTransfer)) }}
      onPaste={(event) => { const files = filesFrom(event.clipboardData); if (files.length > 0) { event.preventDefault(); event.stopPropagation(); onFiles(files) } }}
    >
      {children}
      {over > 0 && <div className={css.over} aria-hidden="true">{t('files.drop')}</div>}
    </div>
  )
}

/** On a phone the browser itself asks whether to take a picture, choose one, or choose a file. */
export function AddButton({ label, onFiles, quiet, children }: { label: string; onFiles: (files: File[]) => void; quiet?: boolean; children?: ReactNode }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      {children ? <Button small look={quiet ? 'quiet' : 'plain'} icon="clip" aria-label={label} onClick={() => input.current?.click()}>{children}</Button> : <IconButton small icon="plus" label={label} onClick={() => input.current?.click()} />}
      <input ref={input} type="file" multiple hidden aria-label={label} onChange={(event) => { const files = [...(event.target.files ?? [])]; event.target.value = ''; if (files.length > 0) onFiles(files) }} />
    </>
  )
}

export const Uploads = ({ uploads, onDrop }: { uploads: readonly Uploading[]; onDrop: (key: number) => void }) => (
  <>
    {uploads.map(({ key, name, part, error, stop }) => (
      <li key={key} className={css.row} data-failed={error !== null || undefined}>
        <span className={css.mark}><Icon name={error ? 'alert' : 'clip'} /></span>
        {error ? <span className={css.text} role="alert">{t('files.failed', { name, reason: error })}</span>
          : <span className={css.text}><span className="clip">{t('files.uploading', { name })}</span><progress value={part} max={1} aria-label={t('files.progress', { name, n: Math.round(part * 100) })} /></span>}
        <IconButton small icon="close" label={error ? t('files.dismiss') : t('files.cancel', { name })} onClick={error ? () => onDrop(key) : stop} />
      </li>
    ))}
  </>
)

interface RowProps { file: FileShape; address?: string | undefined; onOpen?: (() => void) | undefined; onRemove?: (() => void) | undefined; hint?: string }
/** One file: its picture or its ending, its name, its size, and whether a scanner has seen it. */
export function FileRow({ file, address, onOpen, onRemove, hint }: RowProps) {
  const text = <><span className={css.name}>{file.name}</span><span className="hint num">{[sizeOf(file.bytes), hint].filter(Boolean).join(' · ')}</span></>
  const bad = file.scan === 'infected'
  return (
    <li className={css.row}>
      <span className={css.mark}>{address && !bad && file.inline && file.type.startsWith('image/') ? <img src={`${address}?inline=1`} alt="" loading="lazy" /> : endingOf(file.name)}</span>
      {onOpen && !bad ? <button type="button" className={css.text} aria-label={t('files.open', { name: file.name })} onClick={onOpen}>{text}</button> : <span className={css.text}>{text}</span>}
      {bad ? <span title={t('files.infectedHelp')}><Tag colour="red">{t('files.infected')}</Tag></span> : file.scan === 'unscanned' && <span title={t('files.unscannedHelp')}><Tag>{t('files.unscanned')}</Tag></span>}
      {address && !bad && <a className={css.act} href={address} download={file.name} aria-label={t('files.downloadNamed', { name: file.name })} title={t('files.download')}><Icon name="download" /></a>}
      {onRemove && <IconButton small icon="close" label={t('files.remove', { name: file.name })} onClick={onRemove} />}
    </li>
  )
}

const endingOf = (name: string): string => /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toLowerCase() ?? '…'
