/** A day, and how far into it (ms). */
export interface Moment { day: string; ms: number }

const TIME = /(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2})?)?秒?(?:\.\d+)?$/
const DAY = /^(\d{4})(?:[-/.年\s]\s*(\d{1,2})(?:[-/.月\s]\s*(\d{1,2})日?)|(\d{2})(\d{2}))$/

/** `2026-11-22`, `2026/1/2 9:30`, `2026年11月22日 下午2:05`, `20261122`, or a spreadsheet's number of days; null for everything that could be read in two ways. */
export function momentIn(text: string): Moment | null {
  const plain = text.trim().replace(/[T，,]/g, ' ').replace(/星期.|周[一二三四五六日天]/g, '').replace(/(Z|[+-]\d{2}:?\d{2})$/, '').trim()
  if (/^\d{5}(\.\d+)?$/.test(plain)) return bySerial(Number(plain))
  const afternoon = /下午|晚上|pm/i.test(plain)
  const words = plain.replace(/上午|下午|晚上|凌晨|am|pm/gi, ' ').trim()
  const time = TIME.exec(words)
  const day = DAY.exec((time ? words.slice(0, time.index) : words).trim())
  if (!day) return null
  const ms = time ? msOf(time, afternoon) : 0
  return ms === null ? null : { day: `${day[1]}-${(day[2] ?? day[4])!.padStart(2, '0')}-${(day[3] ?? day[5])!.padStart(2, '0')}`, ms }
}

function msOf([, hours, minutes = '0', seconds = '0']: RegExpExecArray, afternoon: boolean): number | null {
  const hour = Number(hours) + (afternoon && Number(hours) < 12 ? 12 : 0)
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
}

const DAY_MS = 86_400_000

/** Between 1954 and 2173, where a number of five digits is meant as days at all. */
function bySerial(serial: number): Moment | null {
  if (serial < 20_000 || serial > 99_999) return null
  const days = Math.floor(serial)
  return { day: new Date(Date.UTC(1899, 11, 30) + days * DAY_MS).toISOString().slice(0, 10), ms: Math.round((serial - days) * 86_400) * 1000 }
}
