interface Cache<K, V> { get(key: K): V | undefined; set(key: K, value: V): unknown }

/** What is kept for as long as `key` lives (or the cache, where that is a Map), made when it is first asked for. */
export function remembered<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make()
  cache.set(key, made)
  return made
}
