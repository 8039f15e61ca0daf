import fs from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'

/** One import, re-export or dynamic import; `type` means that nothing of it is left at run time. */
export interface Import {
  from: string
  /** A path inside the repository, or a package's name when `file` is false. */
  to: string
  file: boolean
  type: boolean
  line: number
}

export interface Module {
  path: string
  imports: Import[]
  /** Lines on which the global `fetch`, WebSocket or EventSource is used. */
  reachesOut: number[]
}

export const FOLDERS = ['packages', 'server', 'web', 'solutions', 'laws', 'journeys', 'bench', 'test']

export function readModules(root: string): Module[] {
  const doors = doorsOf(root)
  return FOLDERS.flatMap((folder) => sources(root, folder)).map((file) => readModule(root, file, doors))
}

const SOURCE = /\.(ts|tsx|mts|mjs)$/
const SKIPPED = new Set(['node_modules', 'dist', 'dist.next'])

function sources(root: string, folder: string): string[] {
  const entries = fs.existsSync(path.join(root, folder)) ? fs.readdirSync(path.join(root, folder), { withFileTypes: true }) : []
  return entries.flatMap((each) => {
    const at = `${folder}/${each.name}`
    if (each.isDirectory()) return SKIPPED.has(each.name) ? [] : sources(root, at)
    return SOURCE.test(each.name) ? [at] : []
  })
}

function readModule(root: string, file: string, doors: Doors): Module {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const { module, errors, program } = parseSync(file, text)
  if (errors.length) throw new Error(`${file}: ${errors[0]!.message}`)
  const imports = requestsOf(module, text).map(({ request, type, at }) => ({
    from: file,
    ...resolve(file, request, doors),
    type,
    line: lineOf(text, at),
  }))
  return { path: file, imports, reachesOut: reachingOut(program, text) }
}

interface Request {
  request: string
  type: boolean
  at: number
}

function requestsOf(module: ReturnType<typeof parseSync>['module'], text: string): Request[] {
  const imported = module.staticImports.map(({ moduleRequest, entries, start }) => ({
    request: moduleRequest.value,
    type: entries.length > 0 && entries.every((entry) => entry.isType),
    at: start,
  }))
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType, start }) => (moduleRequest ? [{ request: moduleRequest.value, type: isType, at: start }] : [])),
  )
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest, start }) => {
    const request = /^(['"`])(.*)\1$/s.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[2]
    return request === undefined ? [] : [{ request, type: false, at: start }]
  })
  return [...imported, ...exported, ...dynamic]
}

/** The `imports` of package.json: a name, with at most one star, and the file that it opens. */
type Doors = [name: string, target: string][]

function doorsOf(root: string): Doors {
  const { imports = {} } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { imports?: Record<string, string> }
  return Object.entries(imports).map(([name, target]) => [name, target.replace(/^\.\//, '')])
}

function resolve(from: string, request: string, doors: Doors): { to: string; file: boolean } {
  if (request.startsWith('.')) return { to: path.posix.join(path.posix.dirname(from), request.replace(/\?.*$/, '')), file: true }
  if (request.startsWith('#')) return { to: opened(request, doors) ?? request, file: true }
  return { to: packageOf(request), file: false }
}

function opened(request: string, doors: Doors): string | null {
  for (const [name, target] of doors) {
    const [prefix = '', suffix] = name.split('*')
    if (suffix === undefined && request === name) return target
    if (suffix !== undefined && request.startsWith(prefix)) return target.replace('*', request.slice(prefix.length))
  }
  return null
}

const packageOf = (request: string) => (request.startsWith('node:') ? request : request.split('/').slice(0, request.startsWith('@') ? 2 : 1).join('/'))

const OUTWARD = new Set(['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'])

function reachingOut(program: unknown, text: string): number[] {
  const lines: number[] = []
  visit(program, (node) => {
    if (node['type'] !== 'CallExpression' && node['type'] !== 'NewExpression') return
    const callee = node['callee'] as Node
    const name = callee['type'] === 'MemberExpression' && isGlobal(callee['object'] as Node) ? (callee['property'] as Node) : callee
    if (name['type'] === 'Identifier' && OUTWARD.has(name['name'] as string)) lines.push(lineOf(text, node['start'] as number))
  })
  return lines
}

const isGlobal = (node: Node) => node['type'] === 'Identifier' && node['name'] === 'globalThis'

type Node = Record<string, unknown>

export function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) return node.forEach((each) => visit(each, see))
  if (node === null || typeof node !== 'object') return
  if ('type' in node) see(node as Node)
  Object.values(node).forEach((each) => visit(each, see))
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length
