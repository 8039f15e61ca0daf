/** What a reader of XML hears, in the order of the document. Names come without their prefix. */
export interface XmlEvents {
  open(name: string, attribute: (name: string) => string | undefined): void
  close(name: string): void
  text(text: string): void
}

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
    const end = tagEnd(buffer, at)
    if (end < 0) return at
    this.#tag(buffer.slice(at + 1, end))
    return end + 1
  }

  /** What stands between the brackets: end mark, name, attributes, self-closing mark. */
  #tag(inside: string): void {
    if (inside.startsWith('/')) return this.#events.close(localName(inside.slice(1).trimEnd()))
    const empty = inside.endsWith('/')
    const space = inside.search(SPACE)
    const name = localName(space < 0 ? (empty ? inside.slice(0, -1) : inside) : inside.slice(0, space))
    if (name === '' || inside.includes('<')) throw new Error('a tag that is none')
    const attributes = space < 0 ? '' : inside.slice(space)
    this.#events.open(name, (wanted) => attributeOf(attributes, wanted))
    if (empty) this.#events.close(name)
  }

  #words(buffer: string, at: number): number {
    const tag = buffer.indexOf('<', at)
    const end = tag < 0 ? beforeEntity(buffer, at) : tag
    if (end > at) this.#events.text(unescaped(buffer.slice(at, end)))
    return end
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

/** An entity may be cut in two by the end of the piece. */
function beforeEntity(buffer: string, at: number): number {
  const entity = buffer.lastIndexOf('&')
  return entity >= at && !buffer.includes(';', entity) ? entity : buffer.length
}

const PAIRS = [['<!--', '-->'], ['<![CDATA[', ']]>'], ['<?', '?>']] as const

const SPACE = /\s/
const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The bracket that ends the tag; one inside a value does not. */
function tagEnd(buffer: string, at: number): number {
  for (let end = buffer.indexOf('>', at); end >= 0; end = buffer.indexOf('>', end + 1)) if (isOutside(buffer, at, end)) return end
  return -1
}

function isOutside(buffer: string, at: number, end: number): boolean {
  let open = ''
  for (let i = at; i < end; i++) {
    const sign = buffer[i]!
    if (open === '' ? sign === '"' || sign === "'" : sign === open) open = open === '' ? sign : ''
  }
  return open === ''
}

/** Asked a million times for a large sheet: looked for where it usually stands, and only then wherever XML allows it. */
function attributeOf(attributes: string, wanted: string): string | undefined {
  const at = attributes.indexOf(`${wanted}="`)
  if (at > 0 && (attributes[at - 1] === ' ' || attributes[at - 1] === ':')) return unescaped(attributes.slice(at + wanted.length + 2, attributes.indexOf('"', at + wanted.length + 2)))
  if (at < 0 && !attributes.includes("'") && !LOOSE.test(attributes)) return undefined
  for (const [, name = '', double, single] of attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    if (name === wanted || name.endsWith(`:${wanted}`)) return unescaped(double ?? single ?? '')
  return undefined
}
const LOOSE = /[^\S ]|\s=|=\s/

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescaped = (text: string): string => (text.includes('&') ? text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,4});/gi, (whole, name: string) => (name.startsWith('#') ? signOf(name) : NAMED[name]) ?? whole) : text)

function signOf(name: string): string {
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}
