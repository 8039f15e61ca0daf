import type { FileShape } from '#contract/api'
import { addressFor, ApiError, proof } from '../../api/client.ts'
import { clockTime } from '../../design/format.ts'
import { now } from '../../api/clock.ts'
import { lang, t } from '../../i18n/index.ts'

/** No kind of file is larger; the server knows the limit of each. */
const MOST_MB = 200

export interface Sending<T = FileShape> { done: Promise<T>; stop(): void }
/** Where to, and how much is taken there; without it, to the files of records. */
export interface Destination { to: string; mostMb: number }

/** Sends a file as it is; `onProgress` from 0 to 1. Rejects with ApiError; stopped, with an AbortError. */
export function send<T = FileShape>(file: File, onProgress: (part: number) => void, { to, mostMb }: Destination = { to: addressFor('uploadFile', { query: { name: file.name } }), mostMb: MOST_MB }): Sending<T> {
  const request = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    if (file.size > mostMb * 1_048_576) return reject(refusal(413, t('files.tooLarge', { limit: mostMb })))
    request.open('POST', to)
    for (const [name, value] of Object.entries(proof())) request.setRequestHeader(name, value)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => (request.status === 201 ? resolve(request.response as T) : reject(new ApiError(request.status, (request.response as { error?: ApiErrorBody } | null)?.error ?? refusal(request.status, t('common.failed')))))
    request.onerror = () => reject(refusal(0, t('common.failed')))
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    request.send(file)
  })
  return { done, stop: () => request.abort() }
}
type ApiErrorBody = ConstructorParameters<typeof ApiError>[1]
const refusal = (status: number, message: string): ApiError => new ApiError(status, { code: status === 0 ? 'UNREACHABLE' : 'INTERNAL', message, path: null, remedy: t('common.tryAgain'), requestId: null })

/** Files of a drop or a paste; a pasted picture gets a name that says when. */
export function filesFrom(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].map((file) => (/^image\.\w+$/.test(file.name) ? new File([file], `${t('files.pasted', { when: clockTime(now().toISOString(), true).replaceAll(':', '').replace(' ', '-') })}.${file.name.split('.').at(-1)}`, { type: file.type }) : file))
}

/** 「1.2 MB」. */
export function sizeOf(bytes: number): string {
  const [value, unit] = bytes < 1_048_576 ? [bytes / 1_024, 'KB'] : [bytes / 1_048_576, 'MB']
  return `${new Intl.NumberFormat(lang(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(Math.max(value, 0.1))} ${unit}`
}
