import type { LinkKind } from '#kernel/members'
import type { Call } from './types.ts'

/**
 * A one-time link for a mail. Never under a name that the request brought along: whoever asks for somebody else's mail
 * would have its link point to a house of their own.
 */
export const mailedUrl = ({ api: { settings }, request }: Call, kind: LinkKind, token: string): string => linkAt(settings.publicUrl ?? settings.ownUrl, request.prefix, kind, token)

/** A one-time link: the secret stands behind `#`, which browsers never send, so no log and no proxy sees it. */
export const linkUrl = (call: Call, kind: LinkKind, token: string): string => linkAt(originOf(call), call.request.prefix, kind, token)

/** Where people reach us: as the operator said, else as this request did. */
export const originOf = ({ api, request }: Call): string => api.settings.publicUrl ?? `${request.https ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`

export const linkAt = (origin: string, prefix: string, kind: LinkKind, token: string): string => `${origin}${prefix}/${kind}#${token}`
