import type { CompareOperator, Condition } from '#language/conditions'
import type { Catalogue, FieldShape } from '../../api/catalogue.ts'
import { isLeaf, relationsOf, type LeafNode, type RelationChoice } from './tree.ts'

/** How often somebody did something lately, or how much it comes to: the usual question about events, in one line. */
export interface Behaviour { object: string; via: string; /** Summed field; null: how often. */ of: string | null; within: string; kinds: string[]; /** Looked for in this field. */ wordsIn: string | null; words: string; op: CompareOperator; value: number | string }

/** Events that point here: what happened, and does not change afterwards. */
export const eventsOf = (catalogue: Catalogue, object: string, name: Parameters<typeof relationsOf>[2]): RelationChoice[] => relationsOf(catalogue, object, name).filter((each) => catalogue.object(each.object)?.immutable)

const WORDY: ReadonlySet<string> = new Set(['url', 'text', 'long'])

/** Which of its fields says what kind it was, which have words worth looking for (an address, a name), and what can be summed. */
export function fieldsOfEvent(catalogue: Catalogue, object: string): { kind: FieldShape | undefined; words: FieldShape[]; sums: FieldShape[] } {
  const fields = (catalogue.object(object)?.fields ?? []).filter(({ retired, base }) => !retired && !base)
  return { kind: fields.find(({ kind }) => kind === 'select'), words: fields.filter(({ kind }) => WORDY.has(kind)), sums: fields.filter(({ kind }) => kind === 'integer' || kind === 'decimal' || kind === 'money') }
}

/** Where one looks first: an address, else what is called a page, else the first words there are. */
export const pageOf = (words: readonly FieldShape[]): string | null => (words.find(({ kind }) => kind === 'url') ?? words.find(({ key }) => key === 'page') ?? words[0])?.key ?? null

/** The node as such a line; null: it asks for something else, or for more. */
export function readBehaviour(catalogue: Catalogue, node: Condition): Behaviour | null {
  if (!('count' in node || 'sum' in node) || node.within === undefined) return null
  const relation = 'count' in node ? node.count : node.sum
  if (!catalogue.object(relation.object)?.immutable) return null
  const { kind, words } = fieldsOfEvent(catalogue, relation.object)
  const parts = node.where === undefined ? [] : 'all' in node.where ? node.where.all : null
  if (!parts || parts.length > 2 || !parts.every(isLeaf)) return null
  const [ofKind, ofWords] = [parts.find((leaf) => leaf.field === kind?.key && (leaf.op === 'in' || leaf.op === 'eq')), parts.find((leaf) => words.some(({ key }) => key === leaf.field) && leaf.op === 'contains')]
  if (parts.some((leaf) => leaf !== ofKind && leaf !== ofWords)) return null
  return { object: relation.object, via: relation.via, of: 'sum' in node ? node.of : null, within: node.within, kinds: [ofKind?.value ?? []].flat() as string[], wordsIn: ofWords?.field ?? pageOf(words), words: typeof ofWords?.value === 'string' ? ofWords.value : '', op: node.op, value: node.value }
}

/** The condition of the one language that the line stands for. */
export function writeBehaviour(catalogue: Catalogue, { object, via, of, within, kinds, wordsIn, words: looked, op, value }: Behaviour): Condition {
  const { kind } = fieldsOfEvent(catalogue, object)
  const leaves: LeafNode[] = [...(kind && kinds.length > 0 ? [{ field: kind.key, op: 'in' as const, value: kinds }] : []), ...(wordsIn !== null && looked.trim() !== '' ? [{ field: wordsIn, op: 'contains' as const, value: looked }] : [])]
  const where = leaves.length > 0 && { where: { all: leaves } }
  return of === null ? { count: { object, via }, op, value: Number(value) || 0, within, ...where } : { sum: { object, via }, of, op, value: String(value), within, ...where }
}
