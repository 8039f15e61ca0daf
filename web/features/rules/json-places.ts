/** One place of a sample that holds a word, a number or a tick. */
export interface Place { path: string; value: string }

const MOST = 200

/** Every such place of what a system sends, in reading order; null: it is no JSON object. */
export function placesIn(text: string): Place[] | null {
  let body: unknown
  try { body = JSON.parse(text) } catch { return null }
  if (typeof body !== 'object' || body === null) return null
  const places: Place[] = []
  gather(body, '', places)
  return places.slice(0, MOST)
}

function gather(at: unknown, path: string, places: Place[]): void {
  if (typeof at === 'object' && at !== null) {
    for (const [key, inner] of Object.entries(at)) if (/^[^.\s]+$/.test(key) && places.length < MOST) gather(inner, path === '' ? key : `${path}.${key}`, places)
  } else if (at !== null) places.push({ path, value: (typeof at === 'string' ? at : JSON.stringify(at)).slice(0, 60) })
}

/** A name for what stands there: letters of its last part, not taken yet. */
export function nameFor(path: string, taken: readonly string[]): string {
  const last = path.split('.').filter((part) => !/^\d+$/.test(part)).at(-1) ?? 'value'
  const plain = last.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_').replace(/^[^a-z]+/, '').slice(0, 36) || 'value'
  if (!taken.includes(plain)) return plain
  for (let n = 2; ; n++) if (!taken.includes(`${plain}_${n}`)) return `${plain}_${n}`
}
