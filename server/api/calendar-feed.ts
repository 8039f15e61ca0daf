import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refused } from '#contract'
import { type Context, type Lens, memberContext, params, readableLens } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'
import { endFeed, feedHolder, feedOf, makeFeed } from '#kernel/members'
import { columnName } from '#language/conditions'
import { DAY_MS } from '#language/values'
import { limiter } from '#platform/http'
import { type CalendarEvent, calendarText } from './ics.ts'
import { perHouse } from './per-house.ts'
import { iso } from './presenting.ts'
import type { Api, Call, Some } from './types.ts'
import { tenantOf } from './who.ts'

const BACK_DAYS = 90
const AHEAD_DAYS = 400
const MOST_EVENTS = 2_000
const EVERY = 'PT15M'

export const calendarFeed: Some<'calendarFeed' | 'makeCalendarFeed' | 'endCalendarFeed'> = {
  calendarFeed: async (ctx, _, { signedIn }) => {
    const feed = await feedOf(ctx, signedIn!.member)
    return { feed: feed && { madeAt: iso(feed.madeAt), readAt: feed.readAt && iso(feed.readAt) } }
  },
  makeCalendarFeed: async (ctx, _, call) => ({ url: addressOf(call, await makeFeed(ctx, call.signedIn!.member)) }),
  endCalendarFeed: async (ctx, _, { signedIn }) => { await endFeed(ctx, signedIn!.member); return { done: true } },
}

const addressOf = ({ api, request, tenant }: Call, token: string): string =>
  `${api.settings.publicUrl ?? `${request.https ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`}/t/${tenant.key}/calendar/feed/${token}.ics`

const limits = perHouse(() => ({ readings: limiter('calendar', { points: 60, seconds: 600 }), guesses: limiter('calendar guesses', { points: 30, seconds: 600 }) }))

/** The door of calendar programs: they know no sign-in, so the address is the secret. */
export function serveFeeds(app: FastifyInstance, api: Api): void {
  app.get('/calendar/feed/:file', (request, reply) => feed(api, request, reply))
}

async function feed(api: Api, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const tenant = await tenantOf(api.db, request)
  const [{ readings, guesses }, from] = [limits(api), `${tenant.id}:${request.address}`]
  await guesses.check(from)
  const token = /^([\w-]{43})\.ics$/.exec((request.params as { file: string }).file)?.[1]
  const member = token === undefined ? null : await feedHolder(api.db, tenant, token)
  if (member === null) { await guesses.take(from); return refused('NOT_FOUND') }
  await readings.take(`${tenant.id}:${member}`)
  const text = await api.db.read(tenant, async (tx) => textOf(await memberContext(tx, member)))
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
  void reply.headers({ etag, 'cache-control': 'private, no-cache', 'content-disposition': 'inline; filename="calendar.ics"', 'x-robots-tag': 'noindex', 'referrer-policy': 'no-referrer' })
  return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type('text/calendar; charset=utf-8').send(text)
}

/** The member's own events and those they take part in, through their lens; what was called off stays named for a while. */
async function textOf(ctx: Context): Promise<string> {
  const object = [...ctx.metadata.objects.values()].find(({ event }) => event !== undefined) ?? refused('NOT_FOUND')
  return calendarText(`${ctx.tenant.name} · ${object.label.zh}`, await eventsOf(ctx, object, readableLens(ctx, object.key)), EVERY)
}

interface Row { id: string; version: number; starts: Date | null; ends: Date | null; title: string | null; place: string | null; link: string | null; changed: Date; gone: boolean }

async function eventsOf({ tx, tenant, now, principal }: Context, { event, participants, title, table }: ObjectMetadata, lens: Lens): Promise<CalendarEvent[]> {
  const given = params()
  const [me, low, high] = [given.add(principal.kind === 'member' ? principal.member.id : 0, 'int'), given.add(new Date(now.getTime() - BACK_DAYS * DAY_MS), 'timestamptz'), given.add(new Date(now.getTime() + AHEAD_DAYS * DAY_MS), 'timestamptz')]
  const shown = (key: string | undefined) => (key === undefined ? undefined : lens.field(key)?.column('r', given)) ?? 'null'
  const own = participants === undefined || !lens.field(participants) ? `r.owner = ${me}` : `(r.owner = ${me} or r.${columnName(participants)} @> array[${me}])`
  const rows = await tx.query<Row>(`select r.id, r.version, ${shown(event!.starts)} as starts, ${shown(event!.ends)} as ends, ${shown(title)} as title, ${shown(event!.place)} as place, ${shown(event!.link)} as link,
      r.updated_at as changed, r.gone_act is not null as gone
    from ${table} r where ${own} and ${lens.reach('read', 'r', given)} and ${shown(event!.ends)} > ${low} and ${shown(event!.starts)} < ${high} order by 3, 1 limit ${MOST_EVENTS}`, given.values)
  return rows.flatMap(({ id, version, starts, ends, title: said, place, link, changed, gone }) =>
    (starts && ends ? [{ uid: `${id}@${tenant.key}.nextmove`, sequence: version - 1, starts, ends, title: said ?? '', place, link, changed, cancelled: gone }] : []))
}
