import type { Locator, Page } from 'playwright-core'

type Place = Page | Locator

/** Takes one option of a list that opens beside a control called `name`. */
export async function choose(place: Place, name: string, option: string): Promise<void> {
  await place.getByRole('button', { name, exact: true }).click()
  await pageOf(place).getByRole('option', { name: called(option) }).first().click()
}

/** Takes several and closes the list. */
export async function chooseAll(place: Place, name: string, options: readonly string[]): Promise<void> {
  const control = place.getByRole('button', { name, exact: true })
  await control.click()
  for (const option of options) await pageOf(place).getByRole('option', { name: called(option) }).first().click()
  await pageOf(place).keyboard.press('Escape')
}

const pageOf = (place: Place): Page => ('page' in place && typeof place.page === 'function' ? place.page() : (place as Page))

/** By its whole name, with or without a hint behind it: 销售, not 销售总监. */
const called = (name: string): RegExp => new RegExp(`^${name}(\\s|$)`)
