/** One event as other calendars read it (RFC 5545). Instants are UTC, so no zone has to be described. */
export interface CalendarEvent { uid: string; sequence: number; starts: Date; ends: Date; title: string; place: string | null; link: string | null; changed: Date; cancelled: boolean }

/** A whole calendar as text/calendar. `every`: how often a subscriber should look again, as an ISO duration. */
export const calendarText = (name: string, events: readonly CalendarEvent[], every: string): string => [
  'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Nextmove//Calendar//ZH', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH',
  `NAME:${escaped(name)}`, `X-WR-CALNAME:${escaped(name)}`, `REFRESH-INTERVAL;VALUE=DURATION:${every}`, `X-PUBLISHED-TTL:${every}`,
  ...events.flatMap(eventLines), 'END:VCALENDAR',
].map((line) => `${folded(line)}\r\n`).join('')

const eventLines = ({ uid, sequence, starts, ends, title, place, link, changed, cancelled }: CalendarEvent): string[] => [
  'BEGIN:VEVENT', `UID:${uid}`, `SEQUENCE:${sequence}`, `DTSTAMP:${instant(changed)}`, `LAST-MODIFIED:${instant(changed)}`, `DTSTART:${instant(starts)}`, `DTEND:${instant(ends)}`,
  `SUMMARY:${escaped(title)}`, ...(place ? [`LOCATION:${escaped(place)}`] : []), ...(link ? [`URL:${link.replace(/[\r\n]/g, '')}`, `DESCRIPTION:${escaped(link)}`] : []),
  `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`, 'END:VEVENT',
]

const instant = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** Control characters have no way of being said. */
const escaped = (text: string): string => text.replace(/[\\;,]/g, String.raw`\$&`).replace(/\r\n|\r|\n/g, String.raw`\n`).replace(/\p{Cc}/gu, '')

const MOST_OCTETS = 75

/** At most 75 octets a line, the space that continues it included; a character is never cut in two. */
function folded(line: string): string {
  if (line.length * 3 <= MOST_OCTETS) return line
  let [text, octets] = ['', 0]
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > MOST_OCTETS) [text, octets] = [`${text}\r\n `, 1]
    text += character
    octets += size
  }
  return text
}
