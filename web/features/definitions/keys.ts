/** Becomes a table or column name: plain, and never renamed. */
export const KEY = /^[a-z][a-z0-9_]{0,39}$/

/** A proposal: the Latin letters of the name, else something short that nobody uses yet. */
export function keyFrom(name: string, prefix: string): string {
  const latin = name.trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '')
  if (latin.length > 1) return latin.slice(0, 40)
  let hash = 7
  for (const character of name.trim()) hash = (hash * 31 + character.codePointAt(0)!) % 46656
  return name.trim() ? `${prefix}_${hash.toString(36).padStart(3, '0')}` : ''
}
