import { useQuery } from '@tanstack/react-query'
import type { FileShape } from '#contract/api'
import { Dialog } from '../../design/dialog.tsx'
import { Icon } from '../../design/icons.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './files.module.css'
import { sizeOf } from './upload.ts'

/** A picture or a text in its place; a PDF opens beside it, in the browser's own reader. */
export default function Preview({ file, address, onClose }: { file: FileShape; address: string; onClose: () => void }) {
  return (
    <Dialog width={880} title={file.name} hint={sizeOf(file.bytes)} onClose={onClose} foot={<a className="link" href={address} download={file.name}><Icon name="download" /> {t('files.download')}</a>}>
      <div className={css.preview}>{file.type.startsWith('image/') ? <img src={`${address}?inline=1`} alt={file.name} /> : <Text address={address} />}</div>
    </Dialog>
  )
}

const MOST = 200_000

function Text({ address }: { address: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ['file text', address], queryFn: async ({ signal }) => decoded(await (await fetch(`${address}?inline=1`, { signal })).arrayBuffer()), gcTime: 0 })
  if (error) return <Failure error={error} onRetry={refetch} />
  if (data === undefined) return <Skeleton rows={6} />
  return <><pre tabIndex={0}>{data.slice(0, MOST)}</pre>{data.length > MOST && <p className="hint">{t('files.textCut')}</p>}</>
}

/** Texts of the trade are UTF-8, or GB 18030 from a spreadsheet. */
function decoded(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes)
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
