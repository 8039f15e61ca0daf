import { instantAt } from '../../design/format.ts'

export type Half = 'morning' | 'afternoon'
export interface Edge { day: string; half: Half }
interface Hours { opens: string; closes: string }

const minutes = (time: string): number => { const [hour = 0, minute = 0] = time.split(':').map(Number); return hour * 60 + minute }
const clock = (total: number): string => `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`

/** Where the working day is cut in two: at noon, or in its middle where noon lies outside. */
function cut({ opens, closes }: Hours): string {
  const [from, to] = [minutes(opens), minutes(closes)]
  return from < 720 && to > 720 ? '12:00' : clock(Math.floor((from + to) / 2))
}

export const beginning = ({ day, half }: Edge, hours: Hours): string => instantAt(day, half === 'morning' ? hours.opens : cut(hours))
export const end = ({ day, half }: Edge, hours: Hours): string => instantAt(day, half === 'afternoon' ? hours.closes : cut(hours))
/** Length of a working day in hours. */
export const dayLength = ({ opens, closes }: Hours): number => (minutes(closes) - minutes(opens)) / 60
