import type { View } from '#language/definitions'
import { forgetDefinitions, type Catalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'

/** One's own until everybody sees it; what ships with the solution belongs to whoever configures. */
export const mayChange = ({ me, can }: Catalogue, view: View): boolean => can('definitions') || (view.owner === me.id && !view.shared)

const write = async (view: View): Promise<void> => {
  await call('putDefinition', { params: { kind: 'view', key: view.key }, body: { body: view as unknown as Record<string, unknown> } })
  await forgetDefinitions()
}

export async function putView(view: View, before?: View): Promise<boolean> {
  try {
    await write(view)
    say(t('records.viewSaved', { name: label(view.label) }), before && (() => write(before).catch((error: unknown) => sayTrouble(sentenceOf(error)))))
    return true
  } catch (error) {
    sayTrouble(sentenceOf(error))
    return false
  }
}

export async function removeView(view: View): Promise<void> {
  try {
    await call('deleteDefinition', { params: { kind: 'view', key: view.key } })
    await forgetDefinitions()
    say(t('common.deleted', { name: label(view.label) }), () => write(view).catch((error: unknown) => sayTrouble(sentenceOf(error))))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}

/** One place further left or right: half-way between its new neighbours. */
export function reordered(views: readonly View[], view: View, by: -1 | 1): View | null {
  const at = views.findIndex(({ key }) => key === view.key)
  const [near, far] = [views[at + by], views[at + by + by]]
  return near ? { ...view, order: far ? (near.order + far.order) / 2 : near.order + by * 10 } : null
}
