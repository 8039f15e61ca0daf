import { compareDecimal, group, type Decimal } from './money.ts'

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const SECTIONS = ['', '万', '亿', '万亿']

/** Above this nobody writes an amount in words: 9999 万亿. */
const LARGEST = '9999999999999999.99'

/**
 * An amount in yuan as cheques write it: `10203.45` → `壹万零贰佰零叁元肆角伍分`. Half a fen is rounded up;
 * without fen it ends in 整; a negative amount begins with 负. Null when it is too large for words.
 */
export function capitalYuan(value: Decimal): string | null {
  const size = value.replace('-', '')
  if (compareDecimal(size, LARGEST) > 0) return null
  const fen = fenOf(size)
  const [yuan, jiao, rest] = [fen / 100n, Number((fen / 10n) % 10n), Number(fen % 10n)]
  const sign = value.startsWith('-') && fen > 0n ? '负' : ''
  return sign + ((yuan > 0n ? `${whole(yuan)}元` : '') + fraction(jiao, rest, yuan > 0n) || '零元整')
}

function fenOf(size: Decimal): bigint {
  const [units = '0', fraction = ''] = size.split('.')
  const thousandths = BigInt(units) * 1000n + BigInt(fraction.padEnd(3, '0').slice(0, 3))
  return (thousandths + 5n) / 10n
}

function fraction(jiao: number, fen: number, afterYuan: boolean): string {
  if (jiao === 0 && fen === 0) return afterYuan ? '整' : ''
  if (fen === 0) return `${DIGITS[jiao]}角整`
  // Between yuan and fen a missing jiao is spoken; at the very front nothing is.
  const tenth = jiao > 0 ? `${DIGITS[jiao]}角` : afterYuan ? '零' : ''
  return `${tenth}${DIGITS[fen]}分`
}

/** Groups of four digits, each with its own unit; a run of zeros between digits is one 零, at the end of a group none. */
function whole(yuan: bigint): string {
  let text = ''
  let gap = false
  for (let section = SECTIONS.length - 1; section >= 0; section--) {
    const four = Number((yuan / 10_000n ** BigInt(section)) % 10_000n)
    if (four === 0) { gap = text !== ''; text = unitPassed(text, section, yuan); continue }
    if (text !== '' && (gap || four < 1000)) text += '零'
    text += fourDigits(four) + (section === 3 ? '万' : SECTIONS[section]!)
    text = unitPassed(text, section, yuan)
    gap = false
  }
  return text
}

/** 万亿 is spoken as 万 of 亿: the 亿 stands once, even if its own group is empty. */
const unitPassed = (text: string, section: number, yuan: bigint): string => (section === 2 && yuan >= 10n ** 12n && !text.endsWith('亿') ? `${text}亿` : text)

function fourDigits(four: number): string {
  let text = ''
  let gap = false
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(four / 10 ** place) % 10
    if (digit === 0) { gap = text !== ''; continue }
    text += (gap ? '零' : '') + DIGITS[digit]! + PLACES[place]!
    gap = false
  }
  return text
}

/** `¥1,234,567.80`: to the fen, as papers need it; half a fen is rounded up. */
export function exactYuan(value: Decimal): string {
  const fen = fenOf(value.replace('-', ''))
  const sign = value.startsWith('-') && fen > 0n ? '-' : ''
  return `${sign}¥${group((fen / 100n).toString())}.${(fen % 100n).toString().padStart(2, '0')}`
}
