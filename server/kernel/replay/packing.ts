import type { RecordImage, Values } from '#kernel/records'

/**
 * A record as one short text of one byte a character, and back again, exactly: the object's number first, then fields by number, and instants as numbers. About a fifth of what the record itself takes.
 */
export class Packing {
  readonly #objects: string[] = []
  readonly #byObject = new Map<string, number>()
  readonly #keys: string[] = []
  readonly #byKey = new Map<string, number>()

  pack(image: RecordImage): string {
    const { object, id, recordVersion, ownerTeam, tags, createdAt, gone, values } = image
    const cells: unknown[] = [recordVersion, gone ? 1 : 0, createdAt.getTime(), ownerTeam ?? 0, tags.length > 0 ? tags : 0]
    for (const key in values) {
      const value = values[key]
      if (value === undefined || (key === 'id' && value === id)) continue
      const number = this.#numberOf(key)
      const ms = instantOf(value)
      if (ms === null) cells.push(number, value)
      else cells.push(-number, ms)
    }
    const json = JSON.stringify(cells)
    const isWide = WIDE.test(json)
    return Buffer.from(headOf(this.#objectOf(object), isWide) + json, isWide ? 'utf8' : 'latin1').toString('latin1')
  }

  unpack(id: string, text: string): RecordImage {
    const json = text.charCodeAt(2) === 1 ? Buffer.from(text, 'latin1').toString('utf8', 3) : text.slice(3)
    const cells = JSON.parse(json) as [number, 0 | 1, number, number, string[] | 0, ...unknown[]]
    const values: Values = { id }
    for (let i = HEAD; i < cells.length; i += 2) {
      const number = cells[i] as number
      if (number < 0) values[this.#keys[-number]!] = new Date(cells[i + 1] as number).toISOString()
      else values[this.#keys[number]!] = cells[i + 1]
    }
    return {
      object: this.#objects[numberIn(text)]!, id, recordVersion: cells[0], owner: (values['owner'] as number | null | undefined) ?? null, ownerTeam: cells[3] || null, tags: cells[4] || [],
      createdAt: new Date(cells[2]), gone: cells[1] === 1, values,
    }
  }

  #objectOf(object: string): number { return numbered(this.#byObject, this.#objects, object) }
  /** From 1 on: its sign says something. */
  #numberOf(key: string): number {
    if (this.#keys.length === 0) this.#keys.push('')
    return numbered(this.#byKey, this.#keys, key)
  }
}

/** For several ledgers that share what they hold: the same record is packed once, and unpacked once as long as it is remembered. */
export class SharedPacking extends Packing {
  readonly #texts = new WeakMap<RecordImage, string>()
  #young = new Map<string, RecordImage>()
  #older = new Map<string, RecordImage>()

  override pack(image: RecordImage): string {
    const known = this.#texts.get(image)
    if (known !== undefined) return known
    const text = super.pack(image)
    this.#texts.set(image, text)
    return text
  }

  override unpack(id: string, text: string): RecordImage {
    const key = id + text
    const known = this.#young.get(key) ?? this.#older.get(key)
    if (known) return known
    const image = super.unpack(id, text)
    this.#texts.set(image, text)
    this.#young.set(key, image)
    if (this.#young.size > REMEMBERED) [this.#older, this.#young] = [this.#young, new Map()]
    return image
  }
}

const HEAD = 5
const REMEMBERED = 2_000
const WIDE = /[^\u0000-\u00ff]/

/** Two characters for the object, one that says whether the rest is UTF-8. */
const headOf = (object: number, isWide: boolean): string => String.fromCharCode(object >> 7, object & 127, isWide ? 1 : 0)
const numberIn = (text: string): number => (text.charCodeAt(0) << 7) + text.charCodeAt(1)

function numbered(numbers: Map<string, number>, names: string[], name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  numbers.set(name, names.length)
  return names.push(name) - 1
}

/** Of an instant as records keep it, to the letter. */
function instantOf(value: unknown): number | null {
  if (typeof value !== 'string' || value.length !== 24 || value[23] !== 'Z' || value[10] !== 'T') return null
  const ms = Date.parse(value)
  return Number.isNaN(ms) || new Date(ms).toISOString() !== value ? null : ms
}
