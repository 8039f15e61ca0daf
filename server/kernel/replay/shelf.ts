import type { RecordImage } from '#kernel/records'
import type { Packing } from './packing.ts'

/** Records that are held as they are; those that came first are packed when there are more. */
const AT_HAND = 50_000

/** Records by id: many of them, in little memory. None ever leaves. */
export class Shelf {
  readonly #packing: Packing
  readonly #most: number
  readonly #atHand = new Map<string, RecordImage>()
  readonly #packed = new Map<string, string>()
  /** All ids, by object. */
  readonly #ids = new Map<string, string[]>()
  #size = 0

  constructor(packing: Packing, most = AT_HAND) {
    this.#packing = packing
    this.#most = most
  }

  copy(): Shelf {
    const shelf = new Shelf(this.#packing, this.#most)
    for (const [id, image] of this.#atHand) shelf.#atHand.set(id, image)
    for (const [id, text] of this.#packed) shelf.#packed.set(id, text)
    for (const [object, ids] of this.#ids) shelf.#ids.set(object, [...ids])
    shelf.#size = this.#size
    return shelf
  }

  get size(): number { return this.#size }

  get(id: string): RecordImage | undefined {
    const known = this.#atHand.get(id)
    if (known) return known
    const text = this.#packed.get(id)
    if (text === undefined) return undefined
    const image = this.#packing.unpack(id, text)
    this.#atHand.set(id, image)
    return image
  }

  set(id: string, image: RecordImage): void {
    if (!this.#atHand.has(id) && !this.#packed.has(id)) this.#note(id, image.object)
    this.#atHand.set(id, image)
  }

  #note(id: string, object: string): void {
    const ids = this.#ids.get(object)
    if (ids) ids.push(id)
    else this.#ids.set(object, [id])
    this.#size++
  }

  /** Of one object, or all, as many as there are by now. What is packed is unpacked for the moment only; whoever goes through them may look at others, add some and tidy. */
  *rows(object?: string): Generator<RecordImage> {
    for (const ids of object === undefined ? [...this.#ids.values()] : [this.#ids.get(object) ?? []]) {
      for (let [i, count] = [0, ids.length]; i < count; i++) yield this.#atHand.get(ids[i]!) ?? this.#packing.unpack(ids[i]!, this.#packed.get(ids[i]!)!)
    }
  }

  /** The same to the letter? */
  isSame(a: RecordImage | null, b: RecordImage | null): boolean {
    return a === b || (this.#packed.size > 0 && a !== null && b !== null && a.id === b.id && a.recordVersion === b.recordVersion && this.#packing.pack(a) === this.#packing.pack(b))
  }

  /** To be called when nobody holds an image: what is too much is packed. */
  tidy(): void {
    if (this.#atHand.size <= this.#most) return
    for (const [id, image] of this.#atHand) {
      if (this.#atHand.size <= this.#most) return
      this.#packed.set(id, this.#packing.pack(image))
      this.#atHand.delete(id)
    }
  }
}
