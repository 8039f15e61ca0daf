import type { MemberShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { ago, onTheClock, phone } from '../../design/format.ts'
import { Avatar, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './members.module.css'

export function MemberTable({ members, onOpen }: { members: readonly MemberShape[]; onOpen: (id: number) => void }) {
  const catalogue = useCatalogue()
  const away = (id: number) => catalogue.member(id)?.away
  const names = new Map(members.map((member) => [member.id, member.name]))
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead><tr><th scope="col">{t('members.name')}</th><th scope="col">{t('members.roles')}</th><th scope="col">{t('members.team')}</th><th scope="col">{t('members.supervisor')}</th><th scope="col" className={css.number}>{t('members.load')}</th><th scope="col">{t('members.seen')}</th></tr></thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.id} data-off={member.state === 'suspended'} onClick={() => onOpen(member.id)}>
              <th scope="row"><div className={css.who}><Avatar text={member.avatar} size={32} away={Boolean(away(member.id))} /><div><button type="button" className={css.name} onClick={(event) => { event.stopPropagation(); onOpen(member.id) }}>{member.name}</button>{away(member.id) && <Tag colour="amber">{t('absences.awayUntil', { when: onTheClock(away(member.id)!.until) })}</Tag>}{member.state === 'suspended' && <Tag>{t('members.suspended')}</Tag>}{member.invited && member.state === 'active' && <Tag>{t('members.invited')}</Tag>}<div className="hint">{[member.job, member.email ?? (member.phone && phone(member.phone))].filter(Boolean).join(' · ')}</div></div></div></th>
              <td>{member.roles.map((role) => label(catalogue.role(role)?.label) || role).join(t('common.listGap'))}</td>
              <td>{catalogue.team(member.team)?.name ?? '—'}</td>
              <td>{member.supervisor ? (names.get(member.supervisor) ?? '—') : '—'}</td>
              <td className={css.number}>{member.capability.capacity > 0 ? <span className="num">{member.load.reduce((sum, each) => sum + each.open, 0)} / {member.capability.capacity}</span> : <span className="hint">—</span>}</td>
              <td>{member.lastSeenAt ? <time dateTime={member.lastSeenAt}>{ago(member.lastSeenAt)}</time> : <span className="hint">{t('members.never')}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
