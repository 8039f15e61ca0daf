import type { Api } from './types.ts'

/** Something that each running application has of its own, made when it is first asked for. */
export function perHouse<T>(make: () => T): (api: Api) => T {
  const made = new WeakMap<Api, T>()
  return (api) => {
    const own = made.get(api) ?? make()
    made.set(api, own)
    return own
  }
}
