import path from 'node:path'
import { openVault } from '#platform/crypto'
import { migrate, openDatabase, type OpenDatabase, resolveDatabase, runningDatabase } from '#platform/db'
import { type Options, optionsOf } from '../start/options.ts'
import { type Desk, misuse } from './types.ts'

/** A desk and the way to leave it: a database that was started for the command is stopped again. */
export function openDesk(args: readonly string[]): Desk & { leave(): Promise<void> } {
  const options = optionsOf(args)
  const flag = (name: string) => { const at = args.indexOf(`--${name}`); return at === -1 ? undefined : args[at + 1] }
  const words = args.filter((each, i) => !each.startsWith('--') && !(args[i - 1]?.startsWith('--') && TAKES_VALUE.has(args[i - 1]!.slice(2))))
  const stops: (() => Promise<void>)[] = []
  let opened: Promise<OpenDatabase> | undefined
  const db = () => (opened ??= connect(options, stops))
  return {
    words: words.slice(1), flag, has: (name) => args.includes(`--${name}`), options, db,
    tenant: async () => tenantOf(await db(), flag('tenant')),
    file: (name) => path.resolve(process.env['NEXTMOVE_CALLED_FROM'] ?? process.cwd(), name),
    print: (line) => void process.stdout.write(`${line}\n`),
    leave: async () => { for (const stop of stops.reverse()) await stop() },
  }
}

const TAKES_VALUE = new Set(['data', 'port', 'host', 'role', 'tenant', 'member', 'name', 'email', 'phone', 'team', 'scopes', 'out', 'roles', 'lang', 'key', 'anchors', 'at', 'to'])

async function connect({ databaseUrl, dataDir, sealDir }: Options, stops: (() => Promise<void>)[]): Promise<OpenDatabase> {
  const running = databaseUrl ? null : await runningDatabase(dataDir)
  const server = running ? null : await resolveDatabase({ databaseUrl, dataDir })
  if (server) stops.push(server.stop)
  const db = openDatabase({ ...(running ?? server!.poolConfig), max: 4, vault: openVault(sealDir) })
  stops.push(() => db.close())
  await migrate(db)
  return db
}

async function tenantOf(db: OpenDatabase, key: string | undefined) {
  const tenants = await db.tenants()
  if (key !== undefined) return tenants.find((each) => each.key === key) ?? misuse(`没有租户「${key}」`, `There is no tenant “${key}”`)
  if (tenants.length === 0) return misuse('还没有数据，请先运行 npm start', 'There is no data yet; run npm start first')
  return tenants.length === 1 ? tenants[0]! : misuse(`有多个租户，请用 --tenant 指定：${tenants.map((each) => each.key).join('、')}`, `There are several tenants; name one with --tenant: ${tenants.map((each) => each.key).join(', ')}`)
}
