import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Anchor } from '#kernel/sealing'
import type { Tenant } from '#platform/db'

/** What the outside knows of the logs: files that whoever can write to the database need not be able to write to. */
export interface Anchors {
  /** The head as of the last block; null when there is none yet. */
  head(tenant: Pick<Tenant, 'key'>): Anchor | null
  setHead(tenant: Tenant, anchor: Anchor): void
  /** One more line for good. */
  add(tenant: Tenant, anchor: Anchor): void
  /** A restore went back to this head (null: to an empty log): what was told of later blocks no longer binds. */
  restored(tenant: Tenant, anchor: Anchor | null): void
  /** Every line, oldest first, and the head; what a restore went back behind is no longer among them. */
  all(tenant: Tenant): Anchor[]
}

/**
 * `<folder>/<tenant>.head.json` is written anew with every block, `<folder>/<tenant>.anchors.jsonl` only grows: put the folder where it can only be
 * appended to. A line with `restored` says that the log went back to this block then, by a restore.
 */
export function openAnchors(folder: string): Anchors {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const place = ({ key }: Pick<Tenant, 'key'>, what: string) => path.join(folder, `${key}.${what}`)
  const head = (tenant: Pick<Tenant, 'key'>): Anchor | null => readOr(place(tenant, 'head.json'), (text) => JSON.parse(text) as Anchor, null)
  const lines = (tenant: Tenant): Line[] => readOr(place(tenant, 'anchors.jsonl'), (text) => text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line), [])
  return {
    head,
    setHead: (tenant, anchor) => {
      const draft = place(tenant, `head.json.${process.pid}`)
      writeFileSync(draft, JSON.stringify(anchor), { mode: 0o600 })
      renameSync(draft, place(tenant, 'head.json'))
    },
    add: (tenant, anchor) => appendFileSync(place(tenant, 'anchors.jsonl'), `${JSON.stringify(anchor)}\n`, { mode: 0o600 }),
    restored: (tenant, anchor) => {
      if (!anchor) return rmSync(place(tenant, 'head.json'), { force: true })
      const line: Line = { ...anchor, restored: true }
      appendFileSync(place(tenant, 'anchors.jsonl'), `${JSON.stringify(line)}\n`, { mode: 0o600 })
      writeFileSync(place(tenant, 'head.json'), JSON.stringify(anchor), { mode: 0o600 })
    },
    all: (tenant) => {
      const last = head(tenant)
      return standing([...lines(tenant), ...(last ? [last] : [])], tenant.demo)
    },
  }
}

interface Line extends Anchor { restored?: boolean }

/** A restore takes back what was told of later blocks. A demonstration begins a new log whenever it is reset. */
function standing(lines: readonly Line[], demo: boolean): Anchor[] {
  const kept: Line[] = []
  for (const line of lines) {
    if (line.restored) while (kept.length > 0 && kept.at(-1)!.number > line.number) kept.pop()
    kept.push(line)
  }
  const log = kept.at(-1)?.log
  return demo ? kept.filter((each) => each.log === log) : kept
}

const readOr = <T>(file: string, read: (text: string) => T, otherwise: T): T => (existsSync(file) ? read(readFileSync(file, 'utf8')) : otherwise)
