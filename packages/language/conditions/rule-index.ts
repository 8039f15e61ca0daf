import { foldAscii } from '../values/text.ts'
import type { BindContext } from './bind.ts'
import { accessKeys, type AccessKey } from './index-key.ts'
import { IntervalIndex, PairIndex } from './interval-index.ts'
import { SubstringIndex } from './substring-index.ts'
import { NOTHING_SEEN, toOwnPredicate, toPredicate, type Image, type Predicate, type Seen } from './to-predicate.ts'
import type { Checked } from './tree.ts'

/** Smaller priority first, then in the order they were added. */
export interface IndexedRule<Id> { id: Id; checked: Checked; priority?: number }

export interface RuleIndex<Id> {
  /** The rules that hold. `seen` must carry the needs of every candidate. */
  match(image: Image, seen: Seen, at: BindContext): Id[]
  /** The rules that own fields do not rule out: whose needs have to be fetched before `match` or their own predicate. */
  candidates(image: Image, at: BindContext): Id[]
  add(rule: IndexedRule<Id>): void
  remove(id: Id): void
  readonly size: number
}

/** Finds the matching rules of a record without trying all: each is filed under one necessary predicate, then verified. Where many share the rarest one, the later ones are filed under their next. */
export function buildRuleIndex<Id>(rules: Iterable<IndexedRule<Id>>): RuleIndex<Id> {
  const index = new Index<Id>()
  for (const rule of rules) index.add(rule)
  return index
}

interface Entry<Id> { id: Id; priority: number; order: number; keys: readonly AccessKey[]; holds: Predicate; possible: Predicate; /** The search that last met it. */ met: number; gone: boolean }

class Index<Id> implements RuleIndex<Id> {
  private readonly entries = new Map<Id, Entry<Id>>()
  private files = new Files<Id>()
  private removed = 0
  private order = 0
  private searches = 0

  get size(): number {
    return this.entries.size
  }

  add({ id, checked, priority = 0 }: IndexedRule<Id>): void {
    this.remove(id)
    const entry: Entry<Id> = { id, priority, order: this.order++, keys: accessKeys(checked), holds: toPredicate(checked), possible: toOwnPredicate(checked), met: 0, gone: false }
    this.entries.set(id, entry)
    this.files.file(entry.keys, entry)
  }

  /** A removed rule stays on file until a quarter of them are gone. */
  remove(id: Id): void {
    const entry = this.entries.get(id)
    if (!entry) return
    entry.gone = true
    this.entries.delete(id)
    if (++this.removed > 16 && this.removed * 4 > this.entries.size) this.refile()
  }

  match(image: Image, seen: Seen, at: BindContext): Id[] {
    return this.search(image, ({ holds }) => holds(image, seen, at))
  }

  candidates(image: Image, at: BindContext): Id[] {
    return this.search(image, ({ possible }) => possible(image, NOTHING_SEEN, at))
  }

  private search(image: Image, verdict: (entry: Entry<Id>) => boolean): Id[] {
    const search = ++this.searches
    const found: Entry<Id>[] = []
    this.files.search(image, (entry) => {
      if (entry.met === search || entry.gone) return
      entry.met = search
      if (verdict(entry)) found.push(entry)
    })
    return found.sort((a, b) => a.priority - b.priority || a.order - b.order).map(({ id }) => id)
  }

  private refile(): void {
    this.files = new Files()
    this.removed = 0
    for (const entry of this.entries.values()) this.files.file(entry.keys, entry)
  }
}

type Found<T> = (entry: T) => void
type Several<K extends AccessKey['by']> = Extract<AccessKey, { by: K }>

/** One drawer per field and kind of access key. */
class Files<Id> {
  private readonly equal = new Drawers<Map<unknown, Entry<Id>[]>>(() => new Map())
  private readonly prefix = new Drawers<Map<unknown, Entry<Id>[]>>(() => new Map())
  private readonly member = new Drawers<Map<unknown, Entry<Id>[]>>(() => new Map())
  private readonly substring = new Drawers<SubstringIndex<Entry<Id>>>(() => new SubstringIndex())
  private readonly range = new Drawers<IntervalIndex<Entry<Id>>>(() => new IntervalIndex())
  private readonly pair = new Drawers<Pair<Entry<Id>>>(() => ({ index: new PairIndex(), first: '', sign: 1, second: '' }))
  private readonly present = new Drawers<Entry<Id>[]>(() => [])
  private readonly others: Entry<Id>[] = []
  private readonly mentioned = new Map<string, number>()

  /** Under the rarest that few rules ask for; where many ask for each of them, under what the fewest ask for. */
  file(keys: readonly AccessKey[], entry: Entry<Id>): void {
    const asked = keys.map((key) => this.mention(key))
    const rare = asked.findIndex((times) => times <= FEW)
    this.put(keys[rare === -1 ? asked.indexOf(Math.min(...asked)) : rare]!, entry)
  }

  /** How many have asked for it, this one included, whatever they are filed under. */
  private mention(key: AccessKey): number {
    if (key.by === 'several') return Math.max(0, ...key.keys.map((each) => this.mention(each)))
    if (key.by !== 'equal' && key.by !== 'prefix' && key.by !== 'member') return 0
    return Math.max(0, ...key.values.map((value) => {
      const name = `${key.by} ${key.field} ${value}`
      const times = (this.mentioned.get(name) ?? 0) + 1
      this.mentioned.set(name, times)
      return times
    }))
  }

  private put(key: AccessKey, entry: Entry<Id>): void {
    switch (key.by) {
      case 'equal': return file(this.equal.of(key.field), key.values, entry)
      case 'prefix': return file(this.prefix.of(key.field), key.values, entry)
      case 'member': return file(this.member.of(key.field), key.values, entry)
      case 'substring': return this.substring.of(key.field).add(key.needle, entry)
      case 'range': return this.putRange(key, entry)
      case 'present': return void this.present.of(key.field).push(entry)
      case 'none': return void this.others.push(entry)
      case 'several': return key.keys.forEach((each) => this.put(each, entry))
    }
  }

  /** An open range alone may be met by half the rules: a second threshold is filed with it. */
  private putRange({ field, low, high, and }: Several<'range'>, entry: Entry<Id>): void {
    const [other] = and
    if (other === undefined || (low !== null && high !== null)) return this.range.of(field).add({ low, high, entry })
    const sign = low !== null ? 1 : -1
    const pair = this.pair.of(`${field} ${sign} ${other.field}`)
    Object.assign(pair, { first: field, sign, second: other.field })
    pair.index.add({ bound: (low ?? -high!), low: other.low, high: other.high, entry })
  }

  search(image: Image, found: Found<Entry<Id>>): void {
    this.equal.each((values, field) => each(values.get(image[field]), found))
    this.prefix.each((values, field) => typeof image[field] === 'string' && beginnings(image[field], (beginning) => each(values.get(beginning), found)))
    this.member.each((values, field) => (image[field] as readonly unknown[] | null | undefined)?.forEach((value) => each(values.get(value), found)))
    this.substring.each((needles, field) => typeof image[field] === 'string' && needles.search(foldAscii(image[field]), found))
    this.range.each((intervals, field) => isPresent(image[field]) && intervals.search(Number(image[field]), found))
    this.pair.each(({ index, first, sign, second }) => isPresent(image[first]) && isPresent(image[second]) && index.search(sign * Number(image[first]), Number(image[second]), found))
    this.present.each((entries, field) => isPresent(image[field]) && each(entries, found))
    each(this.others, found)
  }
}

const FEW = 4

function beginnings(text: string, met: (beginning: string) => void): void {
  for (let length = 1; length <= text.length; length++) met(text.slice(0, length))
}

interface Pair<T> { index: PairIndex<T>; first: string; sign: number; second: string }

const isPresent = (cell: unknown): boolean => cell !== null && cell !== undefined

function each<T>(entries: readonly T[] | undefined, found: Found<T>): void {
  if (entries) for (const entry of entries) found(entry)
}

function file<T>(drawer: Map<unknown, T[]>, values: readonly unknown[], entry: T): void {
  for (const value of values) {
    const entries = drawer.get(value)
    if (entries) entries.push(entry)
    else drawer.set(value, [entry])
  }
}

class Drawers<D> {
  private readonly drawers = new Map<string, D>()
  private readonly empty: () => D

  constructor(empty: () => D) {
    this.empty = empty
  }

  of(name: string): D {
    let drawer = this.drawers.get(name)
    if (!drawer) this.drawers.set(name, (drawer = this.empty()))
    return drawer
  }

  each(visit: (drawer: D, name: string) => unknown): void {
    for (const [name, drawer] of this.drawers) visit(drawer, name)
  }
}
