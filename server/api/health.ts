import type { FastifyInstance } from 'fastify'
import { refused } from '#contract'
import { contentPolicy, isLoopback, nonce } from '#platform/http'
import { metrics } from '#platform/telemetry'
import { docsPage } from './docs.ts'
import { openApi } from './openapi.ts'
import type { Api } from './types.ts'

/** For those who run the house: alive, ready, numbers, and the contract to read. */
export function serveHealth(app: FastifyInstance, { db, settings }: Api): void {
  app.get('/healthz', (_request, reply) => reply.send({ ok: true }))
  app.get('/readyz', async (_request, reply) => {
    await db.pool.query('select 1')
    return reply.send({ ok: true })
  })
  app.get('/metrics', async (request, reply) => {
    const token = process.env['METRICS_TOKEN']
    if (!isLoopback(request.address) && (!token || request.headers.authorization !== `Bearer ${token}`)) refused('NOT_FOUND')
    const { registry } = await metrics()
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  app.get('/api/openapi.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(openApi(settings.version)))
  app.get('/api/docs', (_request, reply) => {
    const once = nonce()
    return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentPolicy(once) }).send(docsPage(settings.version, once))
  })
}
