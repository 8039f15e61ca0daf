/** What a reader of XML hears, in the order of the document. Names come without their prefix. */
export interface XmlEvents {
  open(name: string, attribute: (name: string) => string | undefined): void
  close(name: string): void
  text(text: string): void
}

/** A tag as a whole: end mark, name, attributes, self-closing mark. An angle bracket may stand inside a value. */
const TAG = /<(\/?)([^\s/>!?]+)((?:[^>"'/]|"[^"]*"|'[^']*'|\/(?!>))*)(\/?)>/y
/** Nothing that we read has a tag, a comment or an entity longer than this. */
const LONGEST = 1_000_000

/** Reads XML as it comes, in pieces. Throws at whatever is no XML, and at a DOCTYPE: entities of one's own are how documents attack their readers. */
export class XmlReader {
  readonly #events: XmlEvents
  #rest = ''

  constructor(events: XmlEvents) { this.#events = events }

  push(piece: string): void {
    const buffer = this.#rest + piece
    let at = 0
    for (let next = this.#step(buffer, at); next > at; next = this.#step(buffer, at)) at = next
    this.#rest = buffer.slice(at)
    if (this.#rest.length > LONGEST) throw new Error('a piece of XML that never ends')
  }

  end(): void {
    if (this.#rest.trim() !== '') throw new Error('XML that breaks off')
  }

  /** Where the next piece begins; `at` again while it is not there as a whole. */
  #step(buffer: string, at: number): number {
    if (at >= buffer.length) return at
    if (buffer[at] !== '<') return this.#words(buffer, at)
    if (buffer.startsWith('<!', at) || buffer.startsWith('<?', at)) return this.#special(buffer, at)
    TAG.lastIndex = at
    const found = TAG.exec(buffer)
    if (!found) return at
    const [, end, name, attributes, empty] = found as unknown as [string, string, string, string, string]
    const local = name.slice(name.indexOf(':') + 1)
    if (!end) this.#events.open(local, (wanted) => attributeOf(attributes, wanted))
    if (end || empty) this.#events.close(local)
    return TAG.lastIndex
  }

  #words(buffer: string, at: number): number {
    const tag = buffer.indexOf('<', at)
    const end = tag < 0 ? buffer.length : tag
    const entity = buffer.lastIndexOf('&', end - 1)
    // An entity may be cut in two by the end of the piece.
    const whole = tag < 0 && entity >= at && !buffer.includes(';', entity) ? entity : end
    if (whole > at) this.#events.text(unescaped(buffer.slice(at, whole)))
    return whole
  }

  #special(buffer: string, at: number): number {
    const [open, close] = PAIRS.find(([begin]) => buffer.startsWith(begin, at)) ?? ['', '']
    if (!open) {
      if (PAIRS.some(([begin]) => begin.startsWith(buffer.slice(at)))) return at
      throw new Error('XML with a document type')
    }
    const end = buffer.indexOf(close, at + open.length)
    if (end < 0) return at
    if (open === '<![CDATA[') this.#events.text(buffer.slice(at + open.length, end))
    return end + close.length
  }
}

const PAIRS = [['<!--', '-->'], ['<![CDATA[', ']]>'], ['<?', '?>']] as const

function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name = '', double, single] of attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    if (name === wanted || name.endsWith(`:${wanted}`)) return unescaped(double ?? single ?? '')
  return undefined
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescaped = (text: string): string => (text.includes('&') ? text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,4});/gi, (whole, name: string) => (name.startsWith('#') ? signOf(name) : NAMED[name]) ?? whole) : text)

function signOf(name: string): string {
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}
