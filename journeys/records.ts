import type { Locator } from 'playwright-core'
import type { Person } from './house.ts'

export interface Shown { id: string; version: string; title: string; values: Record<string, unknown>; collaborators?: { member: number; write: boolean }[] }
type Answer = { record: Shown }

/** A record as this person gets it. */
export const read = async ({ ask }: Person, object: string, id: string): Promise<Shown> => (await ask<Answer>('GET', `/api/v1/objects/${object}/records/${id}`)).record

export const make = async ({ ask }: Person, object: string, values: object): Promise<Shown> => (await ask<Answer>('POST', `/api/v1/objects/${object}/records`, { values })).record

export const makeId = async (who: Person, object: string, values: object): Promise<string> => (await make(who, object, values)).id

/** Three rows of a quote that is being edited in `panel`: 3 pumps with a tenth off, 7 valves, one more pump; ¥7,402.41 before tax. */
export async function fillQuote(panel: Locator): Promise<void> {
  const row = (n: number) => panel.getByRole('row', { name: `第 ${n} 行` })
  const pick = async (n: number, name: string) => { await row(n).getByRole('button', { name: /^产品/ }).click(); await panel.page().getByRole('option', { name: new RegExp(`^${name}`) }).click() }
  await pick(1, '精密计量泵')
  await row(1).getByLabel('数量').fill('3')
  await row(1).getByLabel('折扣').fill('10')
  await row(1).getByLabel('折扣').press('Enter')
  await pick(2, '电动调节阀')
  await row(2).getByLabel('数量').fill('7')
  await row(2).getByLabel('数量').press('Enter')
  await pick(3, '精密计量泵')
}
