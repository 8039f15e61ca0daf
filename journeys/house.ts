import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type pg from 'pg'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { ensureTemplate, freshDatabase } from '../test/database.ts'

/** The product as it runs: a server of its own process, and people with browsers. */
export interface House {
  url: string
  /** Where its data lies. */
  folder: string
  /** What the terminal said up to the moment the server was ready. */
  terminal: string
  /** A browser of somebody who has not signed in: a visitor, or a colleague on the way to the sign-in page. */
  visitor(look?: Look): Promise<Person>
  /** A member of the demonstration who has taken their chair, on the home page. */
  member(name: string, look?: Look): Promise<Person>
  /** Moves the clock of the house forward: `73h`. */
  pass(length: string): Promise<void>
  /** What everybody sees now, as pictures in `folder`. */
  picture(folder: string, name: string): Promise<void>
  stop(): Promise<void>
}
export interface Person {
  page: Page
  /** Asks the API with this person's session; answers the body, throws the refusal. */
  ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  /** Back at the desk: the same person in another tab. */
  tab(): Promise<Page>
}
export interface Look { width?: number; dark?: boolean }

/** The house of a file: open before its first test, closed after its last. What people saw when a test failed stays in .cache/journeys. */
export function living(open: () => Promise<House>): () => House {
  let house: House | undefined
  beforeAll(async () => { house = await open() })
  afterEach(async ({ task }) => { if (task.result?.state === 'fail') await house?.picture(SHOTS, task.name) })
  afterAll(() => house?.stop())
  return () => house!
}

const SHOTS = path.resolve(import.meta.dirname, '../.cache/journeys')
const DESK = 1440
const PHONE = 390
export const onPhone: Look = { width: PHONE }

/** A new installation with nothing in it, on its own embedded PostgreSQL. */
export async function emptyHouse(): Promise<House> {
  const folder = makeFolder()
  return furnished(await startServer(folder, {}), folder)
}

/** 云启智能 with its ninety days, whose clock can be moved. Filled once per test run, then cloned. `env`: what else its operator has said. */
export async function demoHouse(env: Record<string, string> = {}): Promise<House> {
  const folder = makeFolder()
  const home = await freshDatabase(await ensureTemplate('demo', fillDemo))
  fs.mkdirSync(path.join(folder, 'seal'), { mode: 0o700 })
  fs.copyFileSync(keptKey(home.config), path.join(folder, KEY))
  const server = await startServer(folder, { ...env, DATABASE_URL: urlOf(home.config) }, DEMO)
  return furnished({ ...server, stop: () => server.stop().then(home.drop) }, folder)
}

const DEMO = ['--demo', '--test-clock']
/** A smaller past than people get: quicker to fill. */
const SMALL = { DEMO_LEADS: '1200' }

async function fillDemo(config: pg.PoolConfig): Promise<void> {
  const folder = makeFolder()
  const server = await startServer(folder, { ...SMALL, DATABASE_URL: urlOf(config) }, DEMO)
  await server.stop()
  fs.copyFileSync(path.join(folder, KEY), keptKey(config))
  fs.rmSync(folder, { recursive: true, force: true })
}

/** What opens the secrets in the filled database: every house that is cloned from it needs it. */
const KEY = 'seal/secrets.key'
const keptKey = ({ host, port }: pg.PoolConfig): string => path.join(os.tmpdir(), `nextmove-journeys-${path.basename(String(host))}-${port}.key`)

const urlOf = ({ host, port, user, database }: pg.PoolConfig): string => `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(String(host))}`

function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nextmove-journey-'))
  // As root, PostgreSQL runs as somebody else and must reach its own folder.
  fs.chmodSync(folder, 0o755)
  return folder
}

interface Server { url: string; terminal: string; stop(): Promise<void> }

const READY = /Ctrl-C/

async function startServer(folder: string, env: Record<string, string>, args: string[] = []): Promise<Server> {
  const command = [...endWithUs(), process.execPath, 'server/main.ts', ...args]
  const child = spawn(command[0]!, command.slice(1), {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...process.env, NODE_ENV: 'production', NEXTMOVE_DATA: folder, PORT: '0', DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const terminal = await greeting(child)
  return { url: /http:\/\/\S+/.exec(terminal)![0], terminal, stop: () => ended(child) }
}

/** A killed test run leaves no server behind. */
const endWithUs = (): string[] => (process.platform === 'linux' && fs.existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig=TERM'] : [])

function greeting(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => { said += chunk.toString(); if (READY.test(said)) resolve(said) }
    child.stdout!.on('data', hear)
    child.stderr!.on('data', hear)
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}:\n${said}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => { child.once('exit', () => resolve()); child.kill('SIGTERM') })
}

/**
 * The last word on features stands: those that Playwright switches off for steady pages, and two lists under the address bar, which no test opens and
 * which Chromium prepares for every window in a process of its own (measured: half of what a window costs).
 */
const OFF = ['AvoidUnnecessaryBeforeUnloadCheckSync', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'DestroyProfileOnBrowserClose',
  'MediaRouter', 'LensOverlay', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']
const CHROMIUM = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', '--disable-background-networking', `--disable-features=${OFF.join(',')}`]
/** Long enough for a busy machine; a person would have given up before. */
const PATIENCE_MS = 30_000

/** One browser for all houses of a test process; it ends with the process. */
let launched: Promise<Browser> | undefined
const theBrowser = (): Promise<Browser> => (launched ??= launch())

async function launch(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: process.env['CHROME_PATH'] || '/usr/bin/chromium', args: CHROMIUM })
  browser.on('disconnected', () => { launched = undefined })
  return browser
}

async function furnished(server: Server, folder: string): Promise<House> {
  const browser = await theBrowser()
  const people = new People(browser, server.url)
  return {
    url: server.url, terminal: server.terminal, folder,
    visitor: (look) => people.visitor(look),
    member: (name, look) => people.member(name, look),
    pass: (length) => people.outside('POST', '/api/v1/clock', { advance: length }).then(() => undefined),
    picture: (to, name) => people.picture(to, name),
    stop: async () => {
      await people.leave()
      await server.stop()
      fs.rmSync(folder, { recursive: true, force: true })
      if (people.troubles.length > 0) throw new Error(`Screens broke:\n${people.troubles.join('\n')}`)
    },
  }
}

class People {
  /** Errors that no screen caught. */
  readonly troubles: string[] = []
  readonly #here: BrowserContext[] = []
  readonly #browser: Browser
  readonly #url: string
  constructor(browser: Browser, url: string) {
    this.#browser = browser
    this.#url = url
  }

  async visitor({ width = DESK, dark = false }: Look = {}): Promise<Person> {
    const context = await this.#browser.newContext({ ...viewing(width), colorScheme: dark ? 'dark' : 'light', baseURL: this.#url, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
    this.#here.push(context)
    context.setDefaultTimeout(PATIENCE_MS)
    const tab = async (): Promise<Page> => this.#watched(await context.newPage())
    const page = await tab()
    return { page, tab, ask: (method, address, body) => ask(context, method, address, body) }
  }

  async member(name: string, look?: Look): Promise<Person> {
    const person = await this.visitor(look)
    const { cards } = await person.ask<{ cards: { member: number; name: string }[] }>('GET', '/api/v1/auth/demo')
    const card = cards.find((each) => each.name === name) ?? missing(name, cards.map((each) => each.name))
    await person.ask('POST', '/api/v1/auth/demo', { member: card.member })
    await person.page.goto('/')
    return person
  }

  /** Everybody closes what they had open. */
  async leave(): Promise<void> {
    await Promise.all(this.#here.splice(0).map((context) => context.close()))
  }

  async outside(method: string, address: string, body?: unknown): Promise<unknown> {
    const context = await this.#browser.newContext({ baseURL: this.#url })
    try {
      return await ask(context, method, address, body)
    } finally {
      await context.close()
    }
  }

  async picture(folder: string, name: string): Promise<void> {
    fs.mkdirSync(folder, { recursive: true })
    const pages = this.#here.flatMap((context) => context.pages())
    for (const [at, page] of pages.entries()) await page.screenshot({ path: path.join(folder, `${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}-${at + 1}.png`) })
  }

  #watched(page: Page): Page {
    page.on('pageerror', (error) => this.troubles.push(`${page.url()}: ${error.message}`))
    return page
  }
}

function viewing(width: number): BrowserContextOptions {
  return width < 640 ? { viewport: { width, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } : { viewport: { width, height: 900 } }
}

const missing = (name: string, names: string[]): never => { throw new Error(`Nobody is called ${name}; there are ${names.join('、')}`) }

async function ask<T>(context: BrowserContext, method: string, address: string, body?: unknown): Promise<T> {
  const { csrf } = method === 'GET' ? { csrf: null } : await context.request.get('/api/v1/auth/me', { maxRetries: 2 }).then((answer) => (answer.ok() ? answer.json() : { csrf: null })) as { csrf: string | null }
  const answer = await context.request.fetch(address, { method, headers: { accept: 'application/json', 'accept-language': 'zh', ...(csrf ? { 'x-csrf-token': csrf } : {}) }, ...(body === undefined ? {} : { data: body }) })
  if (!answer.ok()) throw new Error(`${method} ${address}: ${answer.status()} ${await answer.text()}`)
  return (answer.status() === 204 ? null : await answer.json()) as T
}
