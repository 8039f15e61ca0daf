/**
 * The tsquery text that finds every text containing `wanted` through an index on nextmove.bigrams(column), to be
 * combined with a LIKE recheck; null when `wanted` has fewer than two characters and no bigram can help.
 */
export function bigramQuery(wanted: string): string | null {
  const characters = [...asciiLower(wanted)]
  const pairs = new Set(characters.slice(1).map((second, i) => characters[i]! + second))
  return pairs.size === 0 ? null : [...pairs].map((pair) => `'${pair.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`).join(' & ')
}

// As lower(… collate "C") does: ASCII only.
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
