import type { LinkKind } from '#kernel/members'
import type { Call } from './types.ts'

/** A one-time link: the secret stands behind `#`, which browsers never send, so no log and no proxy sees it. */
export const linkUrl = ({ api, request }: Call, kind: LinkKind, token: string): string =>
  linkAt(api.settings.publicUrl ?? `${request.https ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`, request.prefix, kind, token)

export const linkAt = (origin: string, prefix: string, kind: LinkKind, token: string): string => `${origin}${prefix}/${kind}#${token}`
