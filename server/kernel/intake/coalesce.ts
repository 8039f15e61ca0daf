/** How a stream of single requests becomes batches (decision 13). */
export interface CoalesceLimits { /** Most items of one batch. */ items: number; /** Longest time the first item waits, ms. */ wait: number; /** Batches under way at once. */ lanes: number }

interface Waiting<I, O> { item: I; resolve(answer: O): void; reject(error: unknown): void }

/**
 * Gather items for at most `wait` ms or until `items` are there, then run them together; each caller waits for its own answer.
 *
 * While all lanes are busy the next batch keeps filling, so batches grow with the load by themselves.
 * A failed batch is repeated one by one: only the item that cannot be done fails.
 */
export function coalesce<I, O>(run: (items: readonly I[]) => Promise<O[]>, limits: CoalesceLimits): (item: I) => Promise<O> {
  const queue: Waiting<I, O>[] = []
  let busy = 0
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    while (queue.length > 0 && busy < limits.lanes) void carry(queue.splice(0, limits.items))
  }
  const carry = async (batch: Waiting<I, O>[]): Promise<void> => {
    busy++
    await answer(run, batch)
    busy--
    if (queue.length >= limits.items || (queue.length > 0 && busy === 0)) flush()
    else if (queue.length > 0) timer ??= setTimeout(flush, limits.wait)
  }
  return (item) => new Promise<O>((resolve, reject) => {
    queue.push({ item, resolve, reject })
    if (queue.length >= limits.items) flush()
    else timer ??= setTimeout(flush, limits.wait)
  })
}

async function answer<I, O>(run: (items: readonly I[]) => Promise<O[]>, batch: Waiting<I, O>[]): Promise<void> {
  try {
    const answers = await run(batch.map(({ item }) => item))
    batch.forEach(({ resolve }, i) => resolve(answers[i]!))
  } catch (error) {
    if (batch.length === 1) return batch[0]!.reject(error)
    for (const one of batch) await answer(run, [one])
  }
}
