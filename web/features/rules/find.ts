/** Every word stands somewhere in what is known of it, in any order. */
export function isFound(wanted: string, texts: readonly (string | undefined)[]): boolean {
  const told = texts.filter(Boolean).join('\n').toLowerCase()
  return wanted.toLowerCase().split(/\s+/).every((word) => told.includes(word))
}
