import type { Import, Module } from './read.ts'

export interface Breach {
  at: string
  rule: string
  why: string
}

/** The kernel's rooms from the ground up. Rooms on one line are strangers to each other. A new room gets its place here. */
export const KERNEL_ORDER: string[][] = [
  ['metadata'],
  ['access'],
  ['changes'],
  ['records'],
  ['acts', 'pools', 'members', 'identity', 'assignment', 'paths', 'approvals', 'conversations', 'delivery', 'intake', 'journey', 'metrics', 'quality', 'files', 'following', 'handout', 'readings', 'drafts'],
  ['handover', 'sealing', 'imports', 'deletions', 'anomalies', 'suggestions'],
  ['erasure'],
  ['automation'],
  ['replay'],
  ['solutions'],
]

/** A place of the house: its layer and, where the layer has rooms, its room. */
interface Place {
  layer: Layer
  room: string
}

type Layer = 'language' | 'contract' | 'platform' | 'kernel' | 'channels' | 'api' | 'main' | 'web' | 'solutions' | 'tests' | 'outside'

/** What each layer may import besides itself. */
const DOWNHILL: Record<Layer, Layer[]> = {
  language: [],
  contract: ['language'],
  platform: ['language', 'contract'],
  kernel: ['platform', 'language', 'contract'],
  channels: ['kernel', 'platform', 'language', 'contract'],
  api: ['channels', 'kernel', 'platform', 'language', 'contract'],
  main: ['api', 'channels', 'kernel', 'platform', 'language', 'contract', 'solutions'],
  web: ['language', 'contract'],
  solutions: ['language', 'contract'],
  tests: ['language', 'contract', 'platform', 'kernel', 'channels', 'api', 'main', 'web', 'solutions', 'tests'],
  outside: [],
}

const HTTP_MODULES = new Set(['node:http', 'node:https', 'node:http2', 'http', 'https', 'http2', 'undici', 'axios', 'node-fetch', 'got'])

export function breachesOf(modules: Module[]): Breach[] {
  return [...modules.flatMap(breachesIn), ...cycles(modules)]
}

function breachesIn(module: Module): Breach[] {
  return [...unknownRoom(module.path), ...module.imports.flatMap(breachesBy), ...wires(module)]
}

const breachesBy = (each: Import): Breach[] => (each.file ? fileRules(each) : packageRules(each))

function fileRules(each: Import): Breach[] {
  const [from, to] = [placeOf(each.from), placeOf(each.to)]
  const found: Breach[] = []
  const breach = (rule: string, why: string) => found.push({ at: `${each.from}:${each.line}`, rule, why: `${why} (${each.to})` })
  if (isTest(each.to) && !isTest(each.from)) {
    breach('tests', 'product code imports test code')
    return found
  }
  if (from.layer === 'tests' || isTest(each.from)) {
    if (!sameRoom(from, to) && !isDoor(each.to) && !each.to.includes('/testing/') && hasDoor(to)) breach('door', `a room is entered by its index.ts`)
    return found
  }
  if (from.layer !== to.layer && !DOWNHILL[from.layer].includes(to.layer)) breach('downhill', `${from.layer} may not import ${to.layer}`)
  if (sameRoom(from, to) || from.layer === 'outside') return found
  if (from.layer === 'kernel' && to.layer === 'kernel' && rank(to.room) >= rank(from.room)) breach('kernel order', `${from.room} may not import ${to.room}`)
  const oneLanguage = from.layer === 'language' && to.layer === 'language'
  if (hasDoor(to) && !isDoor(each.to) && !oneLanguage) breach('door', 'a room is entered by its index.ts')
  return found
}

function packageRules({ from, to, line, type }: Import): Breach[] {
  if (isTest(from)) return []
  const { layer, room } = placeOf(from)
  const breach = (rule: string, why: string) => [{ at: `${from}:${line}`, rule, why }]
  if (to === 'pg' && !(layer === 'platform' && room === 'db')) return breach('pg', 'only server/platform/db speaks to PostgreSQL')
  if (to.startsWith('node:') && ['language', 'contract', 'web'].includes(layer)) return breach('node', `${layer} runs in browsers too (${to})`)
  if (HTTP_MODULES.has(to) && !type && onServer(layer) && !isEgress(from)) return breach('egress', `requests leave only through server/platform/egress (${to})`)
  return []
}

function wires({ path, reachesOut }: Module): Breach[] {
  if (isTest(path) || !onServer(placeOf(path).layer) || isEgress(path)) return []
  return reachesOut.map((line) => ({ at: `${path}:${line}`, rule: 'egress', why: 'requests leave only through server/platform/egress (fetch)' }))
}

function unknownRoom(path: string): Breach[] {
  const { layer, room } = placeOf(path)
  if (layer !== 'kernel' || room === '' || rank(room) >= 0) return []
  return [{ at: path, rule: 'kernel order', why: `${room} has no place in KERNEL_ORDER (tools/imports/rules.ts)` }]
}

/**
 * Rooms of one layer that need each other at run time; in the kernel the order excludes it. The language counts by
 * file: a definition holds conditions and a condition is checked against definitions.
 */
function cycles(modules: Module[]): Breach[] {
  const needs = new Map<string, Set<string>>()
  for (const each of modules.flatMap((module) => module.imports)) {
    const [from, to] = [placeOf(each.from), placeOf(each.to)]
    if (!each.file || each.type || isTest(each.from)) continue
    if (from.layer !== to.layer || from.layer === 'kernel' || !hasDoor(from)) continue
    const [needing, needed] = from.layer === 'language' ? [each.from, each.to] : [nameOf(from), nameOf(to)]
    if (needing !== needed) needs.set(needing, (needs.get(needing) ?? new Set()).add(needed))
  }
  const circles = [...needs.keys()].map((room) => circleFrom(room, needs)).filter((circle) => circle !== null)
  const once = new Map(circles.map((circle) => [circle.toSorted().join(), circle]))
  return [...once.values()].map((circle) => ({ at: circle[0]!, rule: 'cycle', why: [...circle, circle[0]].join(' → ') }))
}

function circleFrom(start: string, needs: Map<string, Set<string>>): string[] | null {
  const seen = new Set<string>()
  const walk = (trail: string[]): string[] | null => {
    for (const next of needs.get(trail.at(-1)!) ?? []) {
      if (next === start) return trail
      if (seen.has(next)) continue
      seen.add(next)
      const circle = walk([...trail, next])
      if (circle) return circle
    }
    return null
  }
  return walk([start])
}

function placeOf(path: string): Place {
  const [top = '', second = '', third = ''] = path.split('/')
  const room = path.split('/').length > 3 || !/\.\w+$/.test(third) ? third : ''
  if (top === 'packages') return second === 'language' ? { layer: 'language', room } : { layer: 'contract', room: '' }
  if (top === 'server' && ['platform', 'kernel', 'channels'].includes(second)) return { layer: second as Layer, room }
  if (top === 'server') return { layer: second === 'api' ? 'api' : 'main', room: '' }
  if (top === 'web' || top === 'solutions') return { layer: top, room: '' }
  return { layer: ['laws', 'journeys', 'bench', 'test', 'tools'].includes(top) ? 'tests' : 'outside', room: '' }
}

const ROOMY = new Set<Layer>(['language', 'platform', 'kernel', 'channels'])
const hasDoor = ({ layer, room }: Place) => (ROOMY.has(layer) && room !== '') || layer === 'contract'
/** The contract has three doors: what every room needs to say no, the routes with their shapes, and the web's client without them. */
const CONTRACT_DOORS = new Set(['index', 'api', 'client'].map((name) => `packages/contract/${name}.ts`))
const isDoor = (path: string) => CONTRACT_DOORS.has(path) || (/(^|\/)index\.ts$/.test(path) && !path.startsWith('packages/contract/') && path.split('/').length <= 4)
const sameRoom = (a: Place, b: Place) => a.layer === b.layer && a.room === b.room
const nameOf = ({ layer, room }: Place) => `${layer}/${room}`
const rank = (room: string) => KERNEL_ORDER.findIndex((rooms) => rooms.includes(room))
const isTest = (path: string) => /\.(test|bench)\.tsx?$|\/testing\/|^(laws|journeys|bench|test|tools)\//.test(path)
const onServer = (layer: Layer) => ['platform', 'kernel', 'channels', 'api', 'main'].includes(layer)
const isEgress = (path: string) => path.startsWith('server/platform/egress/')
