import { Recent } from '#platform/recent'
import type { Tenant } from './types.ts'

/** What an opening says: the clock of the tenant in milliseconds, and its epoch. */
export interface Moment { now: number; epoch: number }

interface Known { epoch: number; /** The tenant's clock less ours, in milliseconds: never too little by what was seen. */ ahead: number }

/** A reader that waited behind others is answered as of when it asked; one that waited longer begins again. */
const LATE_MS = 1_000
/** More than this before its time, and the clock is not the one that we know. */
const EARLY_MS = 20
const TENANTS_REMEMBERED = 1_000

/**
 * The clock and the epoch that the next opening will tell, from what the last ones told. The clock is never behind what had been
 * committed when it was asked for, and before the database's own by no more than the quickest opening took.
 */
export class Moments {
  readonly #known = new Recent<string, Known>(TENANTS_REMEMBERED)

  expected({ schema }: Tenant): Moment | undefined {
    const known = this.#known.get(schema)
    return known && { now: Math.ceil(performance.now() + known.ahead), epoch: known.epoch }
  }

  /** What was told by an opening that was sent at `sent` and has just been answered, by our own clock. */
  told({ schema }: Tenant, { now, epoch }: Moment, sent: number): void {
    // The clock was read after the sending, before the answer, and rounded down.
    const [most, least] = [now + 1 - sent, now - performance.now()]
    const known = this.#known.get(schema)
    const holds = known !== undefined && known.ahead >= least && known.ahead <= most + EARLY_MS
    this.#known.set(schema, { epoch, ahead: holds ? Math.min(known.ahead, most) : most })
  }
}

/** May what was worked out for the expected moment stand? */
export const stands = (expected: Moment, told: Moment): boolean =>
  expected.epoch === told.epoch && expected.now <= told.now + EARLY_MS && expected.now >= told.now - LATE_MS
