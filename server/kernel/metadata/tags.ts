import { publishAll } from './publish.ts'
import { metadataOf } from './read.ts'
import type { Author } from './types.ts'

/**
 * The ids of these tags; those that do not exist are made, with their key as label, and the epoch rises.
 * No statement when all are known. Takes no tenant lock (rules call it inside their batch); a concurrent maker of the
 * same tag is waited for. Refused DEFINITION_INVALID for a key that no tag can have.
 */
export async function ensureTags(author: Author, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  throw new Error(`not yet ${keys.length} ${String(author)} ${publishAll.name} ${metadataOf.name}`)
}
