import { useBlocker } from '@tanstack/react-router'
import { Confirm } from '../design/dialog.tsx'
import { t } from '../i18n/index.ts'

/** Asks before a draft is left behind: the one thing here that cannot be taken back. */
export function Unsaved({ when, view = false }: { when: boolean; /** What the address says behind its path is another page too. */ view?: boolean }) {
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: ({ current, next }) => when && (current.pathname !== next.pathname || (view && JSON.stringify(current.search) !== JSON.stringify(next.search))), enableBeforeUnload: when, withResolver: true })
  if (status !== 'blocked') return null
  return <Confirm title={t('common.leaveTitle')} act={t('common.leave')} onClose={reset} onAct={proceed}>{t('common.leaveHelp')}</Confirm>
}
