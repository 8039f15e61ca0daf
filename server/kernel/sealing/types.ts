import type { KeyObject } from 'node:crypto'

/** What a signature covers: the leaves from one position to another, what went before them, when, and after how many restores. */
export interface Block {
  number: number
  first: number
  last: number
  /** Hash of the block before it; null in the first. */
  previous: string | null
  /** RFC 6962 root over the leaves' hashes. */
  root: string
  incarnation: number
  /** Real database time, whole milliseconds. */
  at: Date
}

/** The head of a log as it was told to the outside, where nobody who can rewrite the database can rewrite it too. */
export interface Anchor { log: string; number: number; hash: string; position: number; incarnation: number; at: string }

export type Flaw =
  | 'act altered' | 'act removed' | 'act added' | 'act back-dated' | 'change added'
  | 'leaf removed' | 'leaf added' | 'block removed' | 'block altered' | 'block rechained' | 'block unsigned' | 'key unknown' | 'incarnation fell'
  | 'erased otherwise' | 'log cut off' | 'log rewritten' | 'waits too long' | 'row differs' | 'load differs'

export interface Finding {
  flaw: Flaw
  block?: number | undefined
  position?: number | undefined
  act?: number | undefined
  object?: string | undefined
  record?: string | undefined
  field?: string | undefined
  at?: string | undefined
  detail?: string | undefined
}

/** What a check of the seal may rely on: public keys, and what was told to the outside. */
export interface Trust { keys: ReadonlyMap<string, KeyObject>; anchors: readonly Anchor[] }

export interface SealReport { blocks: number; acts: number; changes: number; waiting: number; erased: number; /** By which acts, and how many changes and acts each. */ erasures: { act: number; n: number }[]; head: Anchor | null; findings: Finding[] }
