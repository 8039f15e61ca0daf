const NONE: ReadonlySet<number> = new Set()

/** Which deadlines of rules have come for which records, and when (ms). Most come once. */
export class Episodes {
  readonly #byRule = new Map<string, Map<string, number | number[]>>()

  of(record: string, rule: string): ReadonlySet<number> {
    const known = this.#byRule.get(rule)?.get(record)
    return known === undefined ? NONE : new Set(typeof known === 'number' ? [known] : known)
  }

  note(record: string, rule: string, at: number): void {
    const byRecord = this.#byRule.get(rule) ?? new Map<string, number | number[]>()
    this.#byRule.set(rule, byRecord)
    const known = byRecord.get(record)
    if (known === undefined) byRecord.set(record, at)
    else if (typeof known === 'number') byRecord.set(record, [known, at])
    else known.push(at)
  }
}
