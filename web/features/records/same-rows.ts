import type { RecordShape } from '#contract/api'

type Seen = Pick<RecordShape, 'id' | 'values' | 'tags'>

/** What is on screen would look the same if it were asked for again. */
export const sameRows = (shown: readonly Seen[], fresh: readonly Seen[]): boolean => look(shown) === look(fresh)
const look = (rows: readonly Seen[]): string => JSON.stringify(rows.map(({ id, values, tags }) => [id, values, tags]))
