import { onlineManager, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { isAway } from '../api/client.ts'
import { Icon } from '../design/icons.tsx'
import { t } from '../i18n/index.ts'
import css from './connection.module.css'

/** One quiet line while the network or the server is away; what is on screen stays, and refreshes by itself. */
export function Connection() {
  const online = useSyncExternalStore((changed) => onlineManager.subscribe(changed), () => onlineManager.isOnline())
  const away = useServerAway()
  if (online && !away) return null
  return <div className={css.bar} role="status"><Icon name="alert" />{online ? t('common.serverAway') : t('common.offline')}</div>
}

function useServerAway(): boolean {
  const client = useQueryClient()
  const [away, setAway] = useState(false)
  useEffect(() => client.getQueryCache().subscribe(({ query }) => {
    if (query.state.fetchFailureReason && isAway(query.state.fetchFailureReason)) setAway(true)
    else if (query.state.status === 'success' && query.state.fetchStatus === 'idle') setAway(false)
  }), [client])
  return away
}
