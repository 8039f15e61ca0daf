import { pinyin } from 'pinyin-pro'
import { formatRegion, provinceOf } from '#language/values'
import type { Random } from './random.ts'
import { CITIES, FIRST, FORMS, INDUSTRIES, KNOWN, SECOND } from './words/companies.ts'
import { BUDGETS, NEEDS } from './words/needs.ts'
import { JOBS, MEN, PREFIXES, SURNAMES, WOMEN } from './words/people.ts'

export interface Person { surname: string; name: string; title: string; role: string; phone: string; email: string | null }
export interface Firm { name: string; short: string; industry: string; city: string; make: string; site: string }
export interface Interest { need: string; ask: string; pain: string; budget: readonly [number, number] | null; lines: number }

/** People, companies and wishes, none twice. */
export class Population {
  readonly #random: Random
  readonly #phones: Set<string>
  readonly #brands = new Set<string>()

  constructor(random: Random, taken: readonly string[]) {
    this.#random = random
    this.#phones = new Set(taken)
  }

  person(firm: Firm): Person {
    const random = this.#random
    const surname = random.weighted(SURNAMES)
    const [title, role] = random.weighted(JOBS.map(([t, r, weight]) => [[t, r] as const, weight] as const))
    const name = surname + random.pick(random.chance(0.72) ? MEN : WOMEN)
    const email = random.chance(0.4) ? `${latin(name)}@${firm.site}.example` : null
    return { surname, name, title, role, phone: this.phone(), email }
  }

  phone(): string {
    for (;;) {
      const phone = `+86${this.#random.pick(PREFIXES)}${String(this.#random.int(0, 99_999_999)).padStart(8, '0')}`
      if (this.#phones.has(phone)) continue
      this.#phones.add(phone)
      return phone
    }
  }

  firm(): Firm {
    const random = this.#random
    const industry = random.weighted(Object.entries(INDUSTRIES).map(([key, { weight }]) => [key, weight] as const))
    const city = random.weighted(CITIES)
    const brand = this.#brand()
    const { words, makes } = INDUSTRIES[industry]!
    const place = formatRegion(city).replace(formatRegion(provinceOf(city)), '') || formatRegion(city)
    return { name: place + brand + random.pick(words) + random.weighted(FORMS), short: brand, industry, city, make: random.pick(makes), site: latin(brand) }
  }

  #brand(): string {
    for (;;) {
      const [a, b] = [this.#random.pick(FIRST), this.#random.pick(SECOND)]
      // Two characters allow some three thousand brands; a namesake in another city is no harm once they are used up.
      if (a === b || KNOWN.has(a + b) || (this.#brands.has(a + b) && this.#brands.size < 2500)) continue
      this.#brands.add(a + b)
      return a + b
    }
  }

  interest(firm: Firm): Interest {
    const random = this.#random
    const need = random.weighted(Object.entries(NEEDS).map(([key, { weight }]) => [key, weight] as const))
    const lines = random.int(2, 16)
    const filled = (text: string) => text.replaceAll('{make}', firm.make).replaceAll('{n}', String(lines))
    const { asks, pains } = NEEDS[need]!
    return { need, ask: filled(random.pick(asks)), pain: filled(random.pick(pains)), budget: random.weighted(BUDGETS), lines }
  }
}

const latin = (text: string): string => pinyin(text, { toneType: 'none', type: 'array' }).join('').replaceAll(/[^a-z]/g, '')
