import { refused } from '#contract'
import { memberContext } from '#kernel/access'
import { fileAt, filesOf, takeUpload, type StoredFile } from '#kernel/files'
import { isInline } from '#platform/files'
import { limiter } from '#platform/http'
import { iso } from './presenting.ts'
import { dispositionOf, policyOf } from './sending.ts'
import type { Call, Some } from './types.ts'

/** Ten years of photographs in ten minutes is no salesperson. */
const uploads = limiter('uploads', { points: 200, seconds: 600 })

export const storedFiles: Some<'recordFiles' | 'recordFile' | 'uploadFile'> = {
  recordFiles: async (ctx, { params: { object, id } }) => ({ items: (await filesOf(ctx, object, id.toLowerCase())).map(({ field, ...file }) => ({ field, ...shown(file) })) }),
  uploadFile: { open: async ({ api, tenant, signedIn, request }, { query: { name } }) => {
    const [from, by] = [request.upload ?? refused('MEDIA_TYPE_UNSUPPORTED'), signedIn!.member]
    await uploads.take(`${tenant.id}:${by}`)
    return shown(await takeUpload({ db: api.db, ...api.files }, tenant, { name, by, from }))
  } },
  recordFile: { open: async (call, { params: { object, id, field, file }, query: { inline = false } }) => {
    const { api, tenant, signedIn, facts } = call
    const found = await api.db.read(tenant, async (tx) => fileAt(await memberContext(tx, signedIn!.member, facts), { object, id: id.toLowerCase(), field, file: file.toLowerCase() }))
    await sendContent(call, found, inline)
    return undefined
  } },
}

const shown = ({ id, name, type, bytes, scan, uploadedBy, uploadedAt }: StoredFile) => ({ id, name, type, bytes, inline: isInline(type), scan, uploadedBy, uploadedAt: iso(uploadedAt) })

/**
 * Somebody else's bytes under our own name: the type we found, never sniffed again, no scripts, no forms, no other
 * page's frame; only harmless kinds are shown in place. Content never changes under its id, yet every reading asks the lens.
 */
async function sendContent({ api, tenant, request, reply }: Call, file: StoredFile, inline: boolean): Promise<void> {
  if (file.scan === 'infected') refused('FILE_INFECTED', undefined, { name: file.name, virus: '' })
  const etag = `"${file.sha256.toString('base64url')}"`
  const here = inline && isInline(file.type)
  void reply.headers({
    etag, 'cache-control': 'private, no-cache', 'content-security-policy': policyOf(file.type), 'x-content-type-options': 'nosniff',
    'content-disposition': dispositionOf(file.name, here),
    'content-type': !here ? 'application/octet-stream' : file.type === 'text/plain' ? 'text/plain; charset=utf-8' : file.type, 'content-length': String(file.bytes),
  })
  if (request.headers['if-none-match'] === etag) return void (await reply.removeHeader('content-length').code(304).send())
  const content = await api.files.store.read(tenant.key, file.sha256)
  if (!content) refused('NOT_FOUND')
  await reply.code(200).send(content)
}
