/** The value below which the share lies, e.g. 0.95. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

/** Done per second by `lanes` callers who ask again as soon as they are answered. */
export async function throughput(lanes: number, ms: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  let turn = 0
  await Promise.all(Array.from({ length: lanes }, async () => { while (performance.now() - begin < ms) await work(turn++) }))
  return (turn * 1000) / (performance.now() - begin)
}
