import { lazy, type ComponentType } from 'react'
import { teach } from '../../i18n/index.ts'

let coming: Promise<void> | undefined
/** Every word there is; the first screen begins with those it says itself. */
const allWords = (): Promise<void> => (coming ??= import('../../i18n/zh/index.ts').then(({ zh }) => teach(zh)))

export const withWords = async <Part>(load: () => Promise<Part>): Promise<Part> => (await Promise.all([load(), allWords()]))[0]

/** A part that is fetched when it is first shown, together with the words it says. */
// oxlint-disable-next-line typescript/no-explicit-any -- what a component takes is its own affair
export const later = <Part extends ComponentType<any>>(load: () => Promise<{ default: Part }>) => lazy(() => withWords(load))
