import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

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

/** Takes back what a message at the foot of the page says, however many stand there. */
export const takeBack = (page: Page, said: string | RegExp): Promise<void> => page.getByRole('status').getByText(said).locator('..').getByRole('button', { name: '撤销' }).click()

/** Notices of one kind stand in a pile, on some days with others that came due in the same hours: the piles are opened until `told` is seen. */
export async function unpile(place: Place, told: Locator): Promise<void> {
  const pile = place.getByRole('button', { name: /^还有 \d+ 条同类通知$/ }).first()
  await expect.poll(async () => (await told.isVisible()) || ((await pile.isVisible()) && (await pile.click(), false))).toBe(true)
}

/** Presses, and waits for the answer that it is kept: how soon others see it counts from there. */
export async function kept(page: Page, press: () => Promise<unknown>): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.request().method() !== 'GET' && answer.ok())
  await press()
  await answered
}

const pageOf = (place: Place): Page => ('page' in place && typeof place.page === 'function' ? place.page() : (place as Page))

/** By its whole name, with or without a hint behind it: 销售, not 销售总监. */
const called = (name: string): RegExp => new RegExp(`^${name}(\\s|$)`)
