import type { FastifyReply } from 'fastify'
import type { Readable } from 'node:stream'

/** The name a file is kept under, for browsers old and new. */
export const dispositionOf = (name: string, inline: boolean): string => `${inline ? 'inline' : 'attachment'}; filename="${asciiOf(name)}"; filename*=UTF-8''${encoded(name)}`
const asciiOf = (name: string): string => name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
const encoded = (name: string): string => encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** A browser's own PDF viewer does not start inside a sandbox, so a PDF is only denied everything but itself. */
export const policyOf = (type: string): string => (type === 'application/pdf' ? `default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'` : `sandbox; default-src 'none'; frame-ancestors 'none'`)

/** Something made for this reader at this moment: never kept by anybody on the way. */
export async function sendFileAs(reply: FastifyReply, { name, type, inline = false }: { name: string; type: string; inline?: boolean }, content: Buffer | Readable): Promise<void> {
  const safe = name.replace(/[/\\\u0000-\u001f]/g, ' ').trim().slice(0, 180)
  void reply.headers({ 'cache-control': 'no-store', 'content-security-policy': policyOf(type), 'x-content-type-options': 'nosniff', 'content-disposition': dispositionOf(safe, inline), 'content-type': type })
  await reply.code(200).send(content)
}

/** What `work` gives away piece by piece, taken at the taker's own pace; `give` answers false once nobody takes any more. */
export async function* streamed<T>(work: (give: (piece: T) => Promise<boolean>) => Promise<void>): AsyncGenerator<T> {
  let offer = Promise.withResolvers<{ piece: T } | null>()
  let taken = Promise.withResolvers<boolean>()
  const done = work(async (piece) => { taken = Promise.withResolvers(); offer.resolve({ piece }); return taken.promise })
    .then(() => offer.resolve(null), (error: unknown) => offer.reject(error))
  try {
    for (let next = await offer.promise; next; next = await offer.promise) {
      yield next.piece
      offer = Promise.withResolvers()
      taken.resolve(true)
    }
  } finally {
    taken.resolve(false)
    await done
  }
}
