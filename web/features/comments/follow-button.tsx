import { useQuery } from '@tanstack/react-query'
import { call, queries } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'

interface Subject { object: string; id: string }
const keyOf = ({ object, id }: Subject) => ['record', object, id, 'following'] as const

export const useFollowing = (subject: Subject) => useQuery({ queryKey: keyOf(subject), queryFn: ({ signal }) => call('following', { params: subject }, { signal }), staleTime: 60_000 }).data

export async function setFollowing(subject: Subject, on: boolean): Promise<void> {
  try {
    queries.setQueryData(keyOf(subject), await call('follow', { body: { subject, on } }))
    say(t(on ? 'comments.followed' : 'comments.unfollowed'), () => setFollowing(subject, !on))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}

/** 关注: being told of what matters about a record that is somebody else's. */
export default function FollowButton({ subject }: { subject: Subject }) {
  const data = useFollowing(subject)
  const on = data?.following ?? false
  return <Button icon={on ? 'check' : 'plus'} aria-pressed={on} title={data && data.followers > 0 ? t('comments.followers', { n: data.followers }) : undefined} onClick={() => void setFollowing(subject, !on)}>{t(on ? 'comments.following' : 'comments.follow')}</Button>
}
