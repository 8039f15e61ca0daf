const HAN = /\p{Script=Han}/u

/** What an avatar shows: the last two characters of a Chinese name, the initials of any other; 「?」 for none. */
export function avatarText(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '') return '?'
  const characters = [...trimmed.replace(/[\s·•.]/g, '')]
  if (characters.some((c) => HAN.test(c))) return characters.filter((c) => HAN.test(c)).slice(-2).join('')
  const words = trimmed.split(/[\s·•._-]+/).filter(Boolean)
  const initials = words.length > 1 ? [words[0]!, words.at(-1)!].map((word) => [...word][0]!) : [...(words[0] ?? trimmed)].slice(0, 2)
  return initials.join('').toUpperCase()
}
