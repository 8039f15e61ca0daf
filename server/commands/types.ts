import type { OpenDatabase, Tenant } from '#platform/db'
import type { Options } from '../start/options.ts'

/** What the command line hands to a command. */
export interface Desk {
  /** Words that are no flags, the command's own name left out. */
  words: readonly string[]
  flag(name: string): string | undefined
  has(name: string): boolean
  options: Options
  /** The database of a running server, else one started for this command. */
  db(): Promise<OpenDatabase>
  /** `--tenant <key>`, or the only one. */
  tenant(): Promise<Tenant>
  /** Relative to where the person typed the command. */
  file(name: string): string
  print(line: string): void
}
export interface Command {
  usage: string
  zh: string
  en: string
  run(desk: Desk): Promise<number | void>
}

/** The person at the keyboard can mend it: the message is all they need. */
export class Misuse extends Error { override name = 'Misuse' }
export const misuse = (zh: string, en: string): never => { throw new Misuse(`${zh}\n${en}`) }
