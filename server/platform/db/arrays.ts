/** Values of one column as the text of a PostgreSQL array; null when none is filled. A list among them becomes the text of an array. */
export function arrayText(values: readonly unknown[]): string | null {
  let filled = false
  let text = ''
  for (const value of values) {
    if (text !== '') text += ','
    if (value === null || value === undefined) { text += 'NULL'; continue }
    filled = true
    text += elementText(value)
  }
  return filled ? `{${text}}` : null
}

function elementText(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return `${value}`
  if (Array.isArray(value)) return quoted(arrayText(value) ?? '{}')
  const text = JSON.stringify(value)
  return typeof value === 'object' ? quoted(text) : text
}

const SPECIAL = /["\\]/
const quoted = (text: string): string => `"${SPECIAL.test(text) ? text.replace(/["\\]/g, String.raw`\$&`) : text}"`
