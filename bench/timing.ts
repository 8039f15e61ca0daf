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

export interface Rivals { ours(turn: number): Promise<unknown>; theirs(turn: number): Promise<unknown>; /** After both, not timed. */ between?(turn: number): Promise<unknown> }
/** Milliseconds of each turn. */
export interface Times { ours: number[]; theirs: number[] }

/** Both do the same so many times. Who goes first warms the pages for who comes second: they take turns, and what disturbs the machine disturbs both. */
export async function inTurns(rounds: number, rivals: Rivals): Promise<Times> {
  const times: Times = { ours: [], theirs: [] }
  for (let turn = 0; turn < rounds; turn++) {
    for (const who of turn % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) times[who].push(await timed(() => rivals[who](turn)))
    await rivals.between?.(turn)
  }
  return times
}

export const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

/** Done per second by `lanes` callers who ask again as soon as they are answered. */
export async function throughput(lanes: number, ms: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  let turn = 0
  await Promise.all(Array.from({ length: lanes }, async () => { while (performance.now() - begin < ms) await work(turn++) }))
  return (turn * 1000) / (performance.now() - begin)
}
