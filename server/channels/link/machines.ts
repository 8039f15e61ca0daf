import type { FastifyRequest } from 'fastify'

/** Search engines, previews of messengers and mail, scanners, monitors, programs: whoever says so. One that passes itself off as a browser is not told apart. */
const MACHINES = /(?<!cu)bot\b|spider|crawl|slurp|preview|facebookexternalhit|embedly|whatsapp\/|skypeuri|headless|phantomjs|lighthouse|pingdom|uptime|curl\/|wget|python|java\/|okhttp|go-http|axios|node-fetch|undici|libwww|httpclient/i

export function isMachine({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  const agent = headers['user-agent'] ?? ''
  const purpose = `${headers['purpose'] ?? ''} ${headers['sec-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`
  return method === 'HEAD' || agent === '' || MACHINES.test(agent) || /prefetch|preview|prerender/i.test(purpose)
}
