import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'

export const nonce = (): string => randomBytes(16).toString('base64')

/** No inline script or style without the page's nonce, nothing from elsewhere, never in a frame. */
export const contentPolicy = (pageNonce?: string): string => [
  `default-src 'none'`, `script-src 'self'${nonced(pageNonce)}`, `style-src 'self'${nonced(pageNonce)}`, `img-src 'self' data: blob:`, `font-src 'self'`,
  `connect-src 'self'`, `manifest-src 'self'`, `worker-src 'self'`, `form-action 'self'`, `base-uri 'none'`, `frame-ancestors 'none'`,
].join('; ')
const nonced = (pageNonce?: string): string => (pageNonce ? ` 'nonce-${pageNonce}'` : '')

const ALWAYS = {
  'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=()',
}

export function secure(reply: FastifyReply, https: boolean): void {
  reply.headers(ALWAYS)
  reply.header('content-security-policy', contentPolicy())
  if (https) reply.header('strict-transport-security', 'max-age=31536000')
}
