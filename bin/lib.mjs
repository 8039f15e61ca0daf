// Runs on the system's Node (20 or newer) before anything is installed: plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => path.join(root, ...parts)

/** `npm start --demo` hands the flag to npm, which passes it on as a variable; `npm start -- --demo` arrives as is. */
export function givenArguments() {
  const eaten = ['demo', 'lan'].filter((flag) => process.env[`npm_config_${flag}`] === 'true').map((flag) => `--${flag}`)
  return [...new Set([...process.argv.slice(2), ...eaten])]
}

/** `--data <folder>`, else NEXTMOVE_DATA or DATA_DIR, else data-demo/ with --demo, else data/. */
export function dataFolder(args) {
  const named = args.includes('--data') ? args[args.indexOf('--data') + 1] : process.env.NEXTMOVE_DATA || process.env.DATA_DIR
  return path.resolve(root, named || (args.includes('--demo') ? 'data-demo' : 'data'))
}

/** A courtesy before anything is built; the lock that decides is the database's (server/platform/db/owner.ts). */
export function refuseSecondStart(folder) {
  const owner = readJson(path.join(folder, 'postgres.owner.json'))
  if (!owner || !isServer(owner.pid)) return
  fail(
    `下一步已在运行：${owner.url ?? '正在启动'}（进程 ${owner.pid}，数据目录 ${folder}）。请直接打开该地址；如需重启，请先停止该进程。`,
    `Nextmove is already running: ${owner.url ?? 'starting'} (process ${owner.pid}, data folder ${folder}). Open that address; to restart, stop that process first.`,
  )
}

function isServer(pid) {
  if (!isAlive(pid)) return false
  const commandLine = `/proc/${pid}/cmdline`
  return !fs.existsSync(commandLine) || fs.readFileSync(commandLine, 'utf8').includes('main.ts')
}

/** Installs the locked dependencies unless they are there; `build` says whether build tools are needed too. */
export function ensureInstalled({ build }) {
  if (isInstalled(build)) return
  refuseLinkedModules()
  alone(() => {
    if (isInstalled(build)) return
    timed('安装依赖 · installing dependencies', () => npm(['ci', '--loglevel=error', ...(build ? ['--include=dev'] : [])]))
  })
}

/** A checkout that borrows the modules of another one: installing would empty the folder that both use. */
function refuseLinkedModules() {
  if (!fs.lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  fail(
    'node_modules 是指向其他目录的链接，其中的依赖与 package-lock.json 不符。请在原目录安装依赖，或删除链接后重试。',
    'node_modules is a link to another folder whose packages differ from package-lock.json. Install there, or remove the link and try again.',
  )
}

/** npm keeps what it installed in node_modules/.package-lock.json and writes it last. */
function isInstalled(build) {
  const wanted = readJson(at('package-lock.json'))?.packages ?? {}
  const found = readJson(at('node_modules/.package-lock.json'))?.packages
  if (!found) return false
  const mayBeAbsent = (each) => each.optional || each.devOptional || (each.dev && !build)
  const fits = ([where, each]) => where === '' || (found[where] ? found[where].version === each.version : mayBeAbsent(each))
  return Object.entries(wanted).every(fits)
}

function npm(args) {
  const cli = process.env.npm_execpath
  const [command, first] = cli && path.basename(cli) === 'npm-cli.js' ? [process.execPath, [cli]] : ['npm', []]
  const env = { ...process.env }
  delete env.npm_config_loglevel
  must(spawnSync(command, [...first, ...args], { cwd: root, stdio: 'inherit', env }))
}

/** Node 24: the one npm installed for this machine, else the system's (macOS has no package of it). */
export function node24() {
  const packaged = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (fs.existsSync(packaged)) return packaged
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  return fail(
    `需要 Node.js 24 或更高版本，当前为 ${process.versions.node}。Linux 会随依赖自动安装；macOS 请先安装：brew install node@24，或从 https://nodejs.org 下载。`,
    `Node.js 24 or newer is needed; this is ${process.versions.node}. On Linux it comes with the dependencies; on macOS install it first: brew install node@24, or download it from https://nodejs.org.`,
  )
}

const STAMP = 'web/dist/.build-stamp'

export const webIsBuilt = () => !fs.existsSync(at('web/index.html')) || readText(at(STAMP)) === webFingerprint()

/** Builds into web/dist.next and swaps it in, so that a running server never serves half a build. */
export function ensureWebBuilt() {
  if (webIsBuilt()) return
  alone(() => {
    if (webIsBuilt()) return
    timed('构建网页 · building the web', buildWeb)
  })
}

function buildWeb() {
  const fingerprint = webFingerprint()
  const vite = [at('node_modules/vite/bin/vite.js'), 'build', 'web', '--outDir', 'dist.next', '--emptyOutDir', '--logLevel', 'warn']
  must(spawnSync(node24(), vite, { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } }))
  fs.writeFileSync(at('web/dist.next/.build-stamp'), fingerprint)
  fs.rmSync(at('web/dist'), { recursive: true, force: true })
  fs.renameSync(at('web/dist.next'), at('web/dist'))
}

function webFingerprint() {
  const hash = createHash('sha256')
  for (const file of [...sources('web'), ...sources('packages'), 'package-lock.json']) {
    hash.update(`${file}\0`).update(fs.readFileSync(at(file)))
  }
  return hash.digest('hex')
}

const NOT_BUILT_FROM = /^(node_modules|dist|dist\.next)$|\.(test\.tsx?|md|tsbuildinfo)$|\.gen\.ts$/

function sources(folder) {
  const entries = fs.readdirSync(at(folder), { withFileTypes: true }).filter(({ name }) => !NOT_BUILT_FROM.test(name))
  return entries.flatMap((each) => (each.isDirectory() ? sources(`${folder}/${each.name}`) : [`${folder}/${each.name}`])).sort()
}

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const findBrowser = () => [process.env.CHROME_PATH, ...BROWSERS].find((file) => file && fs.existsSync(file))

/** The browser of the journeys: CHROME_PATH, a known place, or Debian's chromium, installed when we are root. */
export function ensureBrowser() {
  return findBrowser() ?? (installBrowser(), findBrowser()) ?? fail(
    '没有找到 Chrome/Chromium。请安装（Debian/Ubuntu：apt-get install chromium fonts-wqy-microhei），或设置 CHROME_PATH。只运行其余测试：npm test -- --project unit --project integration',
    'No Chrome or Chromium found. Install one (Debian/Ubuntu: apt-get install chromium fonts-wqy-microhei) or set CHROME_PATH. To run the other tests only: npm test -- --project unit --project integration',
  )
}

function installBrowser() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })
  timed('安装 chromium · installing chromium', () => {
    apt('update')
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-wqy-microhei')
  })
}

/**
 * Runs Node 24 with our terminal and ends as it ends. TERM, HUP, Ctrl-C and the death of npm (which the shell does
 * not pass on) all reach the child; on Linux our own death by kill -9 does too.
 */
export function run(args, env = {}) {
  const [command, ...rest] = [...endWithUs(), node24(), ...args]
  const child = spawn(command, rest, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the child itself.
    process.on(signal, () => signal === 'SIGINT' && process.stdin.isTTY || child.kill(signal))
  }
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
  child.on('error', (error) => fail(`无法启动：${error.message}`, `Cannot start: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 128 : 1)))
}

const endWithUs = () =>
  process.platform === 'linux' && fs.existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig=TERM'] : []

export const compileCache = { NODE_COMPILE_CACHE: at('.cache/node') }

/** Two commands started at once on a fresh clone: the second waits for the first one's set-up. */
function alone(work) {
  const lock = at('.cache/setup.lock')
  fs.mkdirSync(path.dirname(lock), { recursive: true })
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  const release = () => fs.rmSync(lock, { force: true })
  process.once('exit', release)
  work()
  release()
  process.off('exit', release)
}

function take(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (isAbandoned(lock)) fs.rmSync(lock, { force: true })
    return false
  }
}

const FIFTEEN_MINUTES = 15 * 60_000

function isAbandoned(lock) {
  const taken = fs.statSync(lock, { throwIfNoEntry: false })
  return !!taken && (!isAlive(Number(readText(lock))) || Date.now() - taken.mtimeMs > FIFTEEN_MINUTES)
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function timed(what, work) {
  const started = Date.now()
  console.log(`[nextmove] ${what} …`)
  work()
  console.log(`[nextmove] ${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

function must({ status, error }) {
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}

function fail(zh, en) {
  console.error(`\n${zh}\n${en}\n`)
  process.exit(1)
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
