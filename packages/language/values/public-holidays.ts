import type { HolidayYear } from './working-calendar.ts'

const day = (year: number, text: string): string => `${year}-${text}`
type Row = [zh: string, en: string, from: string, to: string]
const yearOf = (year: number, source: string, rows: Row[], workdays: string[]): HolidayYear => ({
  year, source,
  holidays: rows.map(([zh, en, from, to]) => ({ label: { zh, en }, from: day(year, from), to: day(year, to) })),
  workdays: workdays.map((text) => day(year, text)),
})

/**
 * Public holidays and shifted workdays (调休) of mainland China as the General Office of the State Council announces them, each November for the year to come.
 * A year that is not here has not been announced, or this release is older than the announcement.
 */
export const PUBLIC_HOLIDAYS: readonly HolidayYear[] = [
  yearOf(2025, '国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号，2024-11-12）', [
    ['元旦', 'New Year', '01-01', '01-01'],
    ['春节', 'Spring Festival', '01-28', '02-04'],
    ['清明节', 'Tomb-Sweeping Day', '04-04', '04-06'],
    ['劳动节', 'Labour Day', '05-01', '05-05'],
    ['端午节', 'Dragon Boat Festival', '05-31', '06-02'],
    ['国庆节、中秋节', 'National Day and Mid-Autumn Festival', '10-01', '10-08'],
  ], ['01-26', '02-08', '04-27', '09-28', '10-11']),
  yearOf(2026, '国务院办公厅关于2026年部分节假日安排的通知（2025-11-04，新华社）', [
    ['元旦', 'New Year', '01-01', '01-03'],
    ['春节', 'Spring Festival', '02-15', '02-23'],
    ['清明节', 'Tomb-Sweeping Day', '04-04', '04-06'],
    ['劳动节', 'Labour Day', '05-01', '05-05'],
    ['端午节', 'Dragon Boat Festival', '06-19', '06-21'],
    ['中秋节', 'Mid-Autumn Festival', '09-25', '09-27'],
    ['国庆节', 'National Day', '10-01', '10-07'],
  ], ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10']),
]
