/** A kind of content that may be kept. `inline`: harmless in a browser as it stands; everything else is only ever downloaded. */
export interface FileType { type: string; inline: boolean; limitMb: number; is(head: Buffer, name: string): boolean }

const MB = 1_048_576
const IMAGE = 30
const DOCUMENT = 60
const MEDIA = 200

const at = (offset: number, bytes: string) => (head: Buffer): boolean => head.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes, 'latin1'))
const any = (...tests: ((head: Buffer) => boolean)[]) => (head: Buffer): boolean => tests.some((test) => test(head))
const ending = (...ends: string[]) => (name: string): boolean => ends.some((end) => name.toLowerCase().endsWith(`.${end}`))

const zip = at(0, 'PK\x03\x04')
const ole = at(0, '\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1')
/** The brand of an ISO media file: `....ftyp<brand>`. */
const brand = (...brands: string[]) => (head: Buffer): boolean => at(4, 'ftyp')(head) && brands.includes(head.toString('latin1', 8, 12))
/** Inside a family of containers the name tells the members apart; all of them are downloads. */
const office = (container: (head: Buffer) => boolean, ...ends: string[]) => (head: Buffer, name: string): boolean => container(head) && ending(...ends)(name)

/** Second byte of a frame: layer III of the three versions. FF FE would be a text's mark. */
const MP3_FRAMES = new Set([0xfb, 0xfa, 0xf3, 0xf2, 0xe3, 0xe2])

/** By first bytes, the narrower before the wider; what is not here is not taken. */
const TYPES: readonly FileType[] = [
  one('image/png', true, IMAGE, at(0, '\x89PNG\r\n\x1a\n')),
  one('image/jpeg', true, IMAGE, at(0, '\xFF\xD8\xFF')),
  one('image/gif', true, IMAGE, any(at(0, 'GIF87a'), at(0, 'GIF89a'))),
  one('image/webp', true, IMAGE, (head) => at(0, 'RIFF')(head) && at(8, 'WEBP')(head)),
  one('image/heic', false, IMAGE, brand('heic', 'heix', 'mif1', 'msf1', 'hevc')),
  one('image/bmp', false, IMAGE, (head) => at(0, 'BM')(head) && head.length > 26 && head.readUInt32LE(10) < 2_000),
  one('image/tiff', false, IMAGE, any(at(0, 'II*\0'), at(0, 'MM\0*'))),
  one('application/pdf', true, DOCUMENT, at(0, '%PDF-')),
  one('application/vnd.openxmlformats-officedocument.wordprocessingml.document', false, DOCUMENT, office(zip, 'docx')),
  one('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', false, DOCUMENT, office(zip, 'xlsx')),
  one('application/vnd.openxmlformats-officedocument.presentationml.presentation', false, DOCUMENT, office(zip, 'pptx')),
  one('application/msword', false, DOCUMENT, office(ole, 'doc', 'wps')),
  one('application/vnd.ms-excel', false, DOCUMENT, office(ole, 'xls', 'et')),
  one('application/vnd.ms-powerpoint', false, DOCUMENT, office(ole, 'ppt', 'dps')),
  one('message/rfc822', false, DOCUMENT, office(ole, 'msg')),
  one('application/zip', false, DOCUMENT, (head, name) => zip(head) && ending('zip', 'ofd')(name)),
  one('application/x-7z-compressed', false, DOCUMENT, at(0, '7z\xBC\xAF\x27\x1C')),
  one('application/vnd.rar', false, DOCUMENT, at(0, 'Rar!\x1A\x07')),
  one('image/vnd.dwg', false, DOCUMENT, (head) => /^AC10\d\d/.test(head.toString('latin1', 0, 6))),
  one('audio/amr', false, MEDIA, at(0, '#!AMR')),
  one('audio/wav', false, MEDIA, (head) => at(0, 'RIFF')(head) && at(8, 'WAVE')(head)),
  one('audio/ogg', false, MEDIA, at(0, 'OggS')),
  one('audio/mpeg', false, MEDIA, (head) => at(0, 'ID3')(head) || (head[0] === 0xff && MP3_FRAMES.has(head[1] ?? 0))),
  one('audio/mp4', false, MEDIA, brand('M4A ')),
  one('video/mp4', false, MEDIA, brand('isom', 'iso2', 'mp41', 'mp42', 'avc1', 'M4V ', 'qt  ', '3gp4', '3gp5')),
  one('video/webm', false, MEDIA, at(0, '\x1A\x45\xDF\xA3')),
  // Markup is text that a browser would act on: kept, but never shown as what it is.
  one('application/octet-stream', false, DOCUMENT, (head) => isText(head) && isMarkup(head)),
  one('text/plain', true, DOCUMENT, (head, name) => isText(head) && !isScript(name) && !at(0, '#!')(head)),
]

function one(type: string, inline: boolean, limitMb: number, is: FileType['is']): FileType {
  return { type, inline, limitMb, is }
}

/** How many of the first bytes are looked at. */
export const HEAD = 4_096
/** No file of any kind is larger. */
export const MOST = MEDIA * MB
export const limitOf = ({ limitMb }: FileType): number => limitMb * MB

/** What this is, by its first bytes; null: nothing that is kept here. */
export const sniff = (head: Buffer, name: string): FileType | null => TYPES.find((each) => each.is(head, name)) ?? null

/** May a browser show it beside our own pages? */
export const isInline = (type: string): boolean => TYPES.some((each) => each.type === type && each.inline)

/** No control characters beside line breaks and tabs; UTF-8, UTF-16 with its mark, or GB 18030. */
function isText(head: Buffer): boolean {
  if (at(0, '\xFF\xFE')(head) || at(0, '\xFE\xFF')(head)) return true
  return head.length > 0 && head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13 || byte === 12)
}

const isMarkup = (head: Buffer): boolean => /<\s*(!doctype|html|head|body|script|svg|\?xml|iframe|img|a\s|style|link|meta|object|embed)/i.test(head.toString('utf8').replaceAll('\0', ''))
const isScript = ending('js', 'mjs', 'vbs', 'vbe', 'jse', 'wsf', 'ps1', 'psm1', 'bat', 'cmd', 'sh', 'hta', 'reg', 'lnk', 'url', 'scr', 'jar', 'py', 'html', 'htm', 'svg', 'xhtml', 'mht')
