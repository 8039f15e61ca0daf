import path from 'node:path'

export type Role = 'all' | 'api' | 'engine'
export interface Options {
  role: Role
  host: string
  port: number
  dataDir: string
  databaseUrl: string | undefined
  demo: boolean
  testClock: boolean
  publicUrl: string | null
  trustedProxies: string[]
  webFolder: string
  smtpUrl: string | null
  /** Contents of files; several processes share one folder. */
  filesDir: string
  clamav: string | null
  /** The key that seals the audit log, and its public half. */
  sealDir: string
  /** Where the outside is told how far the log goes: best where only appending is possible. */
  anchorDir: string
  anchorWebhook: string | null
  backupDir: string
}
type Environment = Record<string, string | undefined>

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What the command line and the environment say; the command line wins. Throws a sentence for a person. */
export function optionsOf(args: readonly string[], env: Environment = process.env): Options {
  const value = (name: string) => { const at = args.indexOf(`--${name}`); return at === -1 ? undefined : args[at + 1] }
  const demo = args.includes('--demo')
  const dataDir = dataDirOf(args, env)
  const lan = args.includes('--lan')
  return {
    role: roleOf(value('role') ?? env['ROLE'] ?? 'all'),
    host: value('host') ?? env['HOST'] ?? (lan ? '0.0.0.0' : '127.0.0.1'),
    port: portOf(value('port') ?? env['PORT'] ?? '3000'),
    dataDir,
    databaseUrl: env['DATABASE_URL'] || undefined,
    demo, testClock: demo || args.includes('--test-clock') || env['TEST_CLOCK'] === '1',
    publicUrl: env['PUBLIC_URL']?.replace(/\/+$/, '') || null,
    trustedProxies: (env['TRUSTED_PROXIES'] ?? '').split(',').map((each) => each.trim()).filter(Boolean),
    webFolder: path.join(ROOT, 'web/dist'), smtpUrl: env['SMTP_URL'] || null,
    filesDir: path.resolve(ROOT, env['FILES_DIR'] || path.join(dataDir, 'files')), clamav: env['CLAMAV'] || null,
    ...sealing(dataDir, env), backupDir: path.resolve(ROOT, env['BACKUP_DIR'] || path.join(dataDir, 'backups')),
  }
}

function sealing(dataDir: string, env: Environment): Pick<Options, 'sealDir' | 'anchorDir' | 'anchorWebhook'> {
  const sealDir = path.resolve(ROOT, env['SEAL_DIR'] || path.join(dataDir, 'seal'))
  return { sealDir, anchorDir: env['ANCHOR_DIR'] ? path.resolve(ROOT, env['ANCHOR_DIR']) : sealDir, anchorWebhook: env['ANCHOR_WEBHOOK'] || null }
}

/** The product's data folder: named, of the environment, or beside the sources. */
export function dataDirOf(args: readonly string[], env: Environment = process.env): string {
  const named = args.includes('--data') ? args[args.indexOf('--data') + 1] : env['NEXTMOVE_DATA'] || env['DATA_DIR']
  return path.resolve(ROOT, named || (args.includes('--demo') ? 'data-demo' : 'data'))
}

export class OptionRefused extends Error { override name = 'OptionRefused' }

function roleOf(text: string): Role {
  if (text === 'all' || text === 'api' || text === 'engine') return text
  throw new OptionRefused(`--role 只能是 all、api 或 engine，不能是「${text}」\n--role is all, api or engine, not “${text}”`)
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new OptionRefused(`端口必须是 0–65535 的整数，不能是「${text}」\nThe port is a whole number from 0 to 65535, not “${text}”`)
}
