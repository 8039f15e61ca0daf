export const VIRTUAL_QUEUES = 8
/** The queue in which a change waits that others go before: 8–15, by the same hash. */
export const lateQueue = (record: string): number => VIRTUAL_QUEUES + virtualQueue(record)
/** Changes of these causes wait until nothing else does (decision 5), unless whoever caused them wants them answered at once. */
export const isLate = ({ kind, atOnce }: { kind: string; atOnce?: true }): boolean => kind === 'import' && !atOnce

/** The queue (0–7) in which a record's todo rows stand: a stable hash of its id, the same in every process and version. */
export function virtualQueue(record: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < record.length; i++) hash = Math.imul(hash ^ record.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) & (VIRTUAL_QUEUES - 1)
}
