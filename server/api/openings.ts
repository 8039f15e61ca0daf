import { refused } from '#contract'
import { linkAt, openingsOf } from '#kernel/journey'
import { getRecord } from '#kernel/records'
import { originOf } from './links.ts'
import type { Call, Some } from './types.ts'

/** Whoever may read a tracking link sees its numbers; whose records came by it is a list of those records, through the reader's own lens. */
export const openings: Some<'linkOpenings'> = {
  linkOpenings: async (ctx, { params: { object, id } }, call) => {
    const track = ctx.metadata.objects.get(object)?.track ?? refused('NOT_FOUND')
    const { values } = await getRecord(ctx, object, id.toLowerCase())
    const token = values[track.token]
    const leads = typeof token === 'string' && (await linkAt(ctx.tx, token)) !== null
    return { url: leads ? `${outside(call)}${call.request.prefix}/l/${token}` : null, ...(await openingsOf(ctx.tx, id.toLowerCase(), ctx.tx.tenant.zone)) }
  },
}

/** An address that others reach too: this machine's own name means nothing to them. */
function outside(call: Call): string {
  const { publicUrl, lanUrl } = call.api.settings
  const own = originOf(call)
  return publicUrl ?? (lanUrl !== null && /^https?:\/\/(localhost|127\.|\[::1\])/.test(own) ? lanUrl : own)
}
