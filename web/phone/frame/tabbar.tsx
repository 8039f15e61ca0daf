import { useQuery } from '@tanstack/react-query'
import { call, queries } from '../../api/client.ts'
import { useCatalogue } from '../../api/catalogue.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { at } from '../../app/paths.ts'
import { Icon, type IconName } from '../../design/icons.tsx'
import { useApprovalsWaiting } from '../../features/approvals/waiting.ts'
import { activityOf } from '../../features/followup/activity.ts'
import { p } from '../words/index.ts'
import { mainObject, pluralOf } from '../records/objects.ts'
import { Link, pathOf, useHref } from './router.tsx'
import css from './screen.module.css'

/** Five places; the middle three depend on what the company works with. */
export function TabBar() {
  const catalogue = useCatalogue()
  const here = pathOf(useHref())
  const { data } = useQuery({ queryKey: [...keys.notifications, 'unread'], queryFn: () => call('unread', {}), refetchInterval: 120_000 })
  useLive({ kind: 'notifications' }, () => void queries.invalidateQueries({ queryKey: keys.notifications }))
  const main = mainObject(catalogue)
  const activity = activityOf(catalogue)?.object
  const unread = data?.unread ?? 0
  const asked = useApprovalsWaiting()
  const tabs: [string, IconName, string, number?, ('unreadTab' | 'askedTab')?][] = [
    [at.home, 'home', p('home')],
    ...(main ? [[at.list(main.key), 'people', pluralOf(main)] as [string, IconName, string]] : []),
    ...(activity ? [[at.list(activity.key), 'edit', p('follow')] as [string, IconName, string]] : []),
    [at.notifications, 'bell', p('inbox'), unread, 'unreadTab'],
    [at.account, 'user', p('mine'), asked, 'askedTab'],
  ]
  return (
    <nav className={css.tabbar} aria-label={p('tabs')}>
      {tabs.map(([to, icon, name, count, said = 'unreadTab']) => (
        <Link key={to} to={to} className={css.tab} aria-current={(to === '/' ? here === '/' : here.startsWith(to)) ? 'page' : undefined} aria-label={count ? p(said, { n: count }) : undefined}>
          <Icon name={icon} size={22} /><span>{name}</span>{count ? <span className={css.badge} aria-hidden="true">{count > 99 ? '99+' : count}</span> : null}
        </Link>
      ))}
    </nav>
  )
}
