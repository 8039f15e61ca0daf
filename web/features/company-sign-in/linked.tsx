import { useMutation, useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import type { Provider } from './company-sign-in-page.tsx'
import css from './company-sign-in.module.css'

/** Who came by it; a member whose account at the company became another's is parted from it. */
export function Linked({ provider: { key, name }, onClose }: { provider: Provider; onClose: () => void }) {
  const { data, error, refetch } = useQuery({ queryKey: ['sign-in-providers', key, 'members'], queryFn: () => call('linkedMembers', { params: { key } }) })
  const part = useMutation({ mutationFn: (id: number) => call('unlinkMember', { params: { key, id } }), onSuccess: async (_done, id) => { say(t('companySignIn.parted', { name: data!.members.find(({ member }) => member === id)!.name })); await refetch() } })
  return (
    <Dialog look="sheet" width={480} title={t('companySignIn.linkedTitle', { name })} hint={t('companySignIn.linkedHelp')} onClose={onClose}>
      {part.error && <Failure small error={part.error} />}
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={3} /> : data.members.length === 0 ? <Empty icon="people" title={t('companySignIn.nobody')} /> : (
        <ul>{data.members.map(({ member, name: who, linkedAt }) => (
          <li key={member} className={css.member}>
            <div className="grow"><b>{who}</b><div className="hint">{t('companySignIn.firstCame', { when: clockTime(linkedAt) })}</div></div>
            <Button small busy={part.isPending && part.variables === member} onClick={() => part.mutate(member)}>{t('companySignIn.part')}</Button>
          </li>
        ))}</ul>
      )}
    </Dialog>
  )
}
