/** What comes in parts, asked for while the part before is gone through: so many ahead. Given up, what is on its way is of no interest. */
export async function* ahead<T>(source: AsyncGenerator<T>, most: number): AsyncGenerator<T, undefined> {
  const coming: Promise<IteratorResult<T>>[] = []
  const ask = (): void => {
    const next = source.next()
    next.catch(() => {})
    coming.push(next)
  }
  for (let n = 0; n < most; n++) ask()
  for (;;) {
    const { value, done } = await coming.shift()!
    if (done) return undefined
    ask()
    yield value
  }
}
