import type { Solution } from '#language/definitions'
import type { Author, DraftRefusal, Published } from '#kernel/metadata'
import type { Tx } from '#platform/db'

export interface ApplyOptions { onlyMissing?: boolean }
/** `kept`: definitions that the tenant has changed since they were installed; they were left alone. */
export type Applied = { ok: true; published: Published[]; kept: { kind: string; key: string }[] } | { ok: false; refusals: DraftRefusal[] }

export async function applySolution(author: Author, solution: Solution, options: ApplyOptions = {}): Promise<Applied> {
  throw new Error(`not yet ${String([author, solution, options])}`)
}

export async function exportSolution(tx: Tx, facts: Pick<Solution, 'key' | 'label' | 'version'>): Promise<Solution> {
  throw new Error(`not yet ${String([tx, facts])}`)
}
