import type { Call, Some } from '../types.ts'
import type { Stream } from './hub.ts'

const HEARTBEAT_MS = 15_000

/** Server-sent events: `changed` with the key of what should be asked for again. Ends with the session. */
export const stream: Some<'stream'> = {
  stream: { open: async (call, { query: { subscriptions } }) => {
    const lines: string[] = []
    const write = (text: string) => (call.reply.raw.headersSent ? call.reply.raw.write(text) : lines.push(text))
    const watching = streamOf(call, subscriptions, write)
    await call.api.live.enter(watching)
    begin(call, watching)
    if (watching.over) return void call.reply.raw.end()
    // A browser that comes back may have missed anything.
    if (call.request.headers['last-event-id'] !== undefined) for (const { key } of subscriptions) watching.changed(key)
    for (const line of lines) call.reply.raw.write(line)
    return undefined
  } },
}

function streamOf({ tenant, signedIn, reply }: Call, subscriptions: Stream['subscriptions'], write: (text: string) => void): Stream & { /** Closed before it had begun: the session ended in between. */ over: boolean } {
  let number = 0
  const watching = {
    over: false,
    tenant, member: signedIn!.member, session: signedIn!.session, subscriptions,
    changed: (key: string) => write(`event: changed\nid: ${++number}\ndata: ${JSON.stringify({ key, changed: true })}\n\n`),
    close: () => { if (reply.raw.headersSent) reply.raw.end(); else watching.over = true },
  }
  return watching
}

function begin({ api, request, reply }: Call, watching: Stream): void {
  reply.hijack()
  const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)) as Record<string, string>
  reply.raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' })
  reply.raw.write('retry: 2000\nid: 0\nevent: open\ndata: {}\n\n')
  const heartbeat = setInterval(() => reply.raw.write(': \n\n'), HEARTBEAT_MS)
  const end = () => { clearInterval(heartbeat); api.live.leave(watching) }
  request.raw.on('close', end)
  reply.raw.on('close', end)
  if (request.raw.destroyed) end()
}
