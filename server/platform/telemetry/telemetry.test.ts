import { expect, it } from 'vitest'
import { secretToken } from '#platform/crypto'
import { createLog, metrics } from './index.ts'

it('T1 no secret reaches a log line', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  const [session, key, password] = [secretToken(), `nm_test_${secretToken()}`, 'canary-password']
  log.info({ password, body: { password, token: session }, headers: { cookie: `nextmove_session=${session}`, authorization: `Bearer ${key}` } }, `key ${key}`)
  log.error({ err: new Error(`cannot reach postgres://nextmove:${password}@db/main with ${key}`) }, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA')
  const text = lines.join('')
  for (const secret of [session, key, password, 'c2FsdA$aGFzaA']) expect(text).not.toContain(secret)
  expect(text).toContain('db/main')
})

it('T2 requests are counted by method, route and status', async () => {
  const { requests, registry } = await metrics()
  requests.observe({ method: 'GET', route: '/a/:id', status: '200' }, 0.01)
  const text = await registry.metrics()
  expect(text).toContain('nextmove_http_request_seconds_count{method="GET",route="/a/:id",status="200"}')
  expect(text).toContain('nextmove_process_resident_memory_bytes')
})
