import type { Calendar } from '#language/definitions'
import { WORKING_CALENDAR } from '#language/definitions'
import { type Finding, finding, findings, repeated, under } from './finding.ts'

export function checkCalendar({ key, opens, closes, years }: Calendar): Finding[] {
  return findings(
    key !== WORKING_CALENDAR && finding('key', `只有一份工作日历，标识是「${WORKING_CALENDAR}」`, `There is one working calendar; its key is “${WORKING_CALENDAR}”`),
    opens >= closes && finding('closes', '下班时间要晚于上班时间', 'Work must end after it begins'),
    repeated(years.map(({ year }) => String(year))).map((year) => finding('years', `${year} 年出现多次`, `${year} stands more than once`)),
    years.flatMap((each, i) => under(`years.${i}`, checkYear(each))),
  )
}

/** A holiday may begin in the last days of the year before; a day cannot be off and worked. */
function checkYear({ year, holidays, workdays }: Calendar['years'][number]): Finding[] {
  const isNear = (day: string) => Math.abs(Number(day.slice(0, 4)) - year) <= 1
  return findings(
    holidays.flatMap(({ from, to }, i) => findings(
      from > to && finding(`holidays.${i}.to`, '结束日期早于开始日期', 'It ends before it begins'),
      !(isNear(from) && isNear(to)) && finding(`holidays.${i}.from`, `不在 ${year} 年`, `It is not in ${year}`))),
    workdays.flatMap((day, i) => findings(
      !isNear(day) && finding(`workdays.${i}`, `不在 ${year} 年`, `It is not in ${year}`),
      holidays.some(({ from, to }) => from <= day && day <= to) && finding(`workdays.${i}`, `${day} 已经是放假日`, `${day} is a day off already`))),
  )
}
