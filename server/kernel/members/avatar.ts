/** Text of a round avatar: the last two characters of a Chinese name, the initials of another. */
export function avatarOf(name: string): string {
  const plain = name.trim()
  if (/\p{Script=Han}/u.test(plain)) return [...plain.replace(/\s/g, '')].slice(-2).join('')
  const words = plain.split(/\s+/).filter(Boolean)
  return (words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]!).join('') : [...plain].slice(0, 2).join('')).toUpperCase()
}
