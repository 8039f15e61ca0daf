import type { Gauge, Histogram, Registry } from 'prom-client'

interface Instruments { registry: Registry; requests: Histogram<'method' | 'route' | 'status'>; streams: Gauge }
let made: Promise<Instruments> | undefined

/** The process's Prometheus metrics; the library is loaded on first use. */
export const metrics = (): Promise<Instruments> => (made ??= instruments())

async function instruments(): Promise<Instruments> {
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = (await import('prom-client')).default
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'nextmove_' })
  return {
    registry,
    requests: new Histogram({ name: 'nextmove_http_request_seconds', help: 'Time to answer a request', labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10], registers: [registry] }),
    streams: new Gauge({ name: 'nextmove_live_streams', help: 'Open live streams', registers: [registry] }),
  }
}
