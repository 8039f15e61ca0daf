/** Chance that repeats itself: the same seed gives the same world. */
export class Random {
  #state: number
  constructor(seed: number) { this.#state = seed >>> 0 || 1 }

  /** In [0, 1); mulberry32. */
  next(): number {
    let t = (this.#state = (this.#state + 0x6d2b79f5) >>> 0)
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** Both ends included. */
  int(from: number, to: number): number { return from + Math.floor(this.next() * (to - from + 1)) }
  between(from: number, to: number): number { return from + this.next() * (to - from) }
  chance(probability: number): boolean { return this.next() < probability }
  pick<T>(list: readonly T[]): T { return list[Math.floor(this.next() * list.length)]! }

  weighted<T>(list: readonly (readonly [value: T, weight: number])[]): T {
    let left = this.next() * list.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of list) if ((left -= weight) < 0) return value
    return list.at(-1)![0]
  }

  shuffle<T>(list: readonly T[]): T[] {
    const mixed = [...list]
    for (let i = mixed.length - 1; i > 0; i--) { const j = this.int(0, i); [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!] }
    return mixed
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += Math.floor(this.next() * 0x10000).toString(16).padStart(4, '0')
    return text.slice(0, digits)
  }
}
