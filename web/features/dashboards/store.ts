import type { DashboardShape } from '#contract/api'
import type { Dashboard } from '#language/definitions'
import { forgetDefinitions } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label } from '../../i18n/index.ts'
import { wholeOf } from './boards.ts'
import { d } from './words.ts'

const write = async (board: Dashboard): Promise<void> => {
  await call('putDefinition', { params: { kind: 'dashboard', key: board.key }, body: { body: board as unknown as Record<string, unknown> } })
  await forgetDefinitions()
}
const again = (board: Dashboard) => () => write(board).catch((error: unknown) => sayTrouble(sentenceOf(error)))

/** True when it is saved; `before` is put back by 撤销. */
export async function saveBoard(board: Dashboard, told: string, before?: Dashboard): Promise<boolean> {
  try {
    await write(board)
    say(told, before && again(before))
    return true
  } catch (error) {
    sayTrouble(sentenceOf(error))
    return false
  }
}

export async function removeBoard(board: DashboardShape, told: string): Promise<void> {
  try {
    await call('deleteDefinition', { params: { kind: 'dashboard', key: board.key } })
    await forgetDefinitions()
    say(told, again(wholeOf(board)))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}

/** One's own copy gives way to what it was made from; what came with the solution and was changed is put back as it came. */
export async function restoreBoard(board: DashboardShape): Promise<void> {
  const told = d('restored', { name: label(board.label) })
  if (board.instead !== undefined) return removeBoard(board, told)
  try {
    const { versions } = await call('definitionVersions', { params: { kind: 'dashboard', key: board.key } })
    const shipped = versions.find(({ by, body }) => by?.kind === 'system' && body !== null)
    if (shipped) await saveBoard(shipped.body as unknown as Dashboard, told, wholeOf(board))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}
