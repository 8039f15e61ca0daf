import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '..')

export interface Served { url: string; /** Of the server itself, not of npm. */ pid: number; readyMs: number; stop(): Promise<void> }
export interface Serving { dataDir: string; /** What comes before the arguments: default `npm start --`, as a person types it. */ command?: readonly string[]; args?: readonly string[]; env?: Record<string, string> }

/** Starts the product as a person does and waits until /readyz says so; `readyMs` counts from the first keystroke. */
export async function serve({ dataDir, command = ['npm', 'start', '--silent', '--'], args = [], env = {} }: Serving): Promise<Served> {
  const port = await freePort()
  const [program, ...rest] = command
  const began = performance.now()
  const child = spawn(program!, [...rest, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env, PORT: String(port), HOST: '127.0.0.1', NEXTMOVE_DATA: dataDir } })
  // Should the run be cut short, what it started goes with it.
  const orphaned = (): void => void child.kill('SIGTERM')
  process.once('exit', orphaned)
  child.once('exit', () => process.off('exit', orphaned))
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const url = `http://127.0.0.1:${port}`
  await ready(url, child, said)
  const readyMs = performance.now() - began
  return { url, pid: ownerOf(dataDir) ?? child.pid!, readyMs, stop: () => stopped(child) }
}

async function ready(url: string, child: ChildProcess, said: readonly string[]): Promise<void> {
  for (const until = performance.now() + 300_000; performance.now() < until; await sleep(15)) {
    if (child.exitCode !== null) break
    if (await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) return
  }
  child.kill('SIGTERM')
  throw new Error(`The server did not come up:\n${said.join('').slice(-4000)}`)
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

/** The process that owns the data folder's PostgreSQL. */
function ownerOf(dataDir: string): number | null {
  const file = path.join(dataDir, 'postgres.owner.json')
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { pid: number }).pid : null
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })
