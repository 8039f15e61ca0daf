import { hash } from 'node:crypto'

const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** RFC 6962, 2.1: what a leaf is hashed to. The prefix keeps a leaf from being taken for a node. */
export const leafHash = (text: string): Buffer => hash('sha256', Buffer.concat([LEAF, Buffer.from(text)]), 'buffer')
const nodeHash = (left: Buffer, right: Buffer): Buffer => hash('sha256', Buffer.concat([NODE, left, right]), 'buffer')

/** RFC 6962, 2.1: the root over leaf hashes in their order. A level at a time: what has no neighbour rises unchanged, which is the tree that the RFC splits from the top. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  let level = leaves
  while (level.length > 1) level = pairs(level).map(([left, right]) => (right ? nodeHash(left, right) : left))
  return level[0] ?? hash('sha256', '', 'buffer')
}

const pairs = (level: readonly Buffer[]): [Buffer, Buffer | undefined][] => Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => [level[2 * i]!, level[2 * i + 1]])
