import type { MemberRow, Principal } from '#kernel/access'
import type { Event, Stand } from '#kernel/automation'
import type { Sent } from '#kernel/intake'
import type { Pool } from '#kernel/records'
import type { Capability } from '#language/definitions'
import { ids } from '#platform/db'
import type { Asked } from './asked.ts'
import type { Course } from './course.ts'

/** Who was there, and what history made: the same for every course over it. */
export interface Cast {
  members: ReadonlyMap<number, MemberRow>
  capabilities: ReadonlyMap<number, Capability>
  principals: ReadonlyMap<number, Principal>
  /** Who had received something last before the course began: greater is later. */
  received: ReadonlyMap<number, number>
  /** Records that rules made in history, by what they answered and object, in order. */
  twins: ReadonlyMap<string, readonly string[]>
  /** Those that history does not know, likewise: one identity in every course, or the same record would count as two. */
  made: Map<string, string[]>
  /** Whose word was really asked for in the time, and what became of it. */
  asked: ReadonlyMap<string, readonly Asked[]>
  /** What came to the addresses of rules in the time. */
  sent: readonly Sent[]
  /** By the object whose records wait in them. */
  pools: ReadonlyMap<string, readonly Pool[]>
  /** How often whoever made a change has made such changes to its record within a time. */
  repeats: Stand['repeats']
}

/** The course that went before, and where the two are governed otherwise: an event that this concerns is answered anew. */
export interface Following { course: Course; concerns(event: Event): boolean; rewinds: ReadonlySet<string> }

/** Records that rules make keep the identity that they have in history and in the other course, by what was answered and object, in order. */
export class Twins {
  readonly #twins: Cast['twins']
  readonly #made: Cast['made']
  readonly #used = new Map<string, number>()
  constructor({ twins, made }: Pick<Cast, 'twins' | 'made'>) {
    this.#twins = twins
    this.#made = made
  }

  of(chain: string, object: string, nth: number): string {
    const key = `${chain} ${object}`
    const place = (this.#used.get(key) ?? 0) + nth
    return this.#twins.get(key)?.[place] ?? this.#drawn(key, place)
  }
  #drawn(key: string, place: number): string {
    const made = this.#made.get(key) ?? []
    this.#made.set(key, made)
    return (made[place] ??= ids.next())
  }
  use(chain: string, object: string): void {
    const key = `${chain} ${object}`
    this.#used.set(key, (this.#used.get(key) ?? 0) + 1)
  }
}
