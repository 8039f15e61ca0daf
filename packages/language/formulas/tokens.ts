/** A word of a formula with the place where it begins. `name`: a field, a function or a word such as `and`; `{…}` holds a name of any characters. */
export interface Token { is: 'number' | 'name' | 'words' | 'sign' | 'end' | 'wrong'; text: string; at: number; end: number; braced?: boolean }

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const NUMBER = /\d+(?:\.\d+)?%?/y
const SIGN = /<=|>=|<>|!=|[-+*/×÷−–＋－＊／()（）,，=<>≤≥≠]/y
const PLAIN: Readonly<Record<string, string>> = { '×': '*', '＊': '*', '÷': '/', '／': '/', '−': '-', '–': '-', '－': '-', '＋': '+', '（': '(', '）': ')', '，': ',', '≤': '<=', '≥': '>=', '≠': '<>', '!=': '<>' }

/** Signs as people type them (`×`, `，`, `（`) are read as the plain ones. Ends with one `end`, or stops at something `wrong`. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at]!)) { at += 1; continue }
    const token = tokenAt(text, at)
    tokens.push(token)
    if (token.is === 'wrong') return tokens
    at = token.end
  }
  return [...tokens, { is: 'end', text: '', at: text.length, end: text.length }]
}

function tokenAt(text: string, at: number): Token {
  const first = text[at]!
  if (first === '{') return enclosed(text, at, '}', 'name')
  if (first === "'" || first === '"') return enclosed(text, at, first, 'words')
  if (first === '“' || first === '「') return enclosed(text, at, first === '“' ? '”' : '」', 'words')
  for (const [is, pattern] of [['number', NUMBER], ['name', NAME], ['sign', SIGN]] as const) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) return { is, text: is === 'sign' ? (PLAIN[found[0]] ?? found[0]) : found[0], at, end: at + found[0].length }
  }
  return { is: 'wrong', text: first, at, end: at + 1 }
}

function enclosed(text: string, at: number, close: string, is: 'name' | 'words'): Token {
  const end = text.indexOf(close, at + 1)
  if (end < 0) return { is: 'wrong', text: text[at]!, at, end: at + 1 }
  return { is, text: text.slice(at + 1, end).trim(), at, end: end + 1, ...(is === 'name' && { braced: true }) }
}

/** The formula with other names for its fields: labels for people, keys to be stored. Names that are not known stay as they are. */
export function renamed(text: string, nameOf: (name: string, braced: boolean) => string | undefined): string {
  let [out, last] = ['', 0]
  for (const { is, text: name, at, end, braced = false } of tokensOf(text)) {
    const other = is === 'name' ? nameOf(name, braced) : undefined
    if (other === undefined) continue
    out += text.slice(last, at) + other
    last = end
  }
  return out + text.slice(last)
}
