import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useLive } from '../../api/live.ts'
import { useMe } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { onTheClock } from '../../design/format.ts'
import { Avatar, Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './absences.module.css'
import { absencesQuery, again, end, type AbsenceShape } from './query.ts'

/** One's own absences, those one stands in for, and those of the people below. */
export function AbsenceList() {
  const me = useMe()
  const { data, error, refetch } = useQuery(absencesQuery)
  useLive({ kind: 'definitions' }, () => void again())
  if (error) return <Panel label={t('absences.title')}><Failure error={error} onRetry={refetch} /></Panel>
  if (!data) return <Panel label={t('absences.title')}><Skeleton rows={3} height={60} /></Panel>
  const own = data.items.filter(({ member }) => member === me.id)
  const theirs = data.items.filter(({ member, standIns }) => member !== me.id && standIns.includes(me.id))
  const others = data.items.filter((each) => !own.includes(each) && !theirs.includes(each))
  return (
    <>
      <Panel title={t('absences.own')}>{own.length === 0 ? <Empty icon="calendar" title={t('absences.none')}>{t('absences.noneHelp')}</Empty> : <Rows items={own} />}</Panel>
      {theirs.length > 0 && <Panel title={t('absences.iStandIn')} hint={theirs.length}><Rows items={theirs} /></Panel>}
      {others.length > 0 && <Panel title={t('absences.others')} hint={others.length}><Rows items={others} /></Panel>}
    </>
  )
}

const Rows = ({ items }: { items: readonly AbsenceShape[] }) => <ul>{items.map((each) => <Row key={each.id} absence={each} />)}</ul>

function Row({ absence }: { absence: AbsenceShape }) {
  const catalogue = useCatalogue()
  const [busy, setBusy] = useState(false)
  const who = catalogue.member(absence.member)
  const names = (absence.standIns.length > 0 ? absence.standIns : (who?.away?.standIns ?? [])).map((id) => catalogue.member(id)?.name ?? '').join(t('common.listGap'))
  const stop = async () => { setBusy(true); await end(absence).finally(() => setBusy(false)) }
  return (
    <li className={css.row}>
      <Avatar text={who?.avatar ?? '?'} size={32} away={absence.state === 'running'} />
      <div className="grow">
        <div className={css.name}><b>{who?.name ?? t('common.unknownMember')}</b><Tag colour={absence.state === 'running' ? 'amber' : undefined}>{t(absence.state === 'running' ? 'absences.running' : 'absences.planned')}</Tag>{absence.kind && <span className="hint">{t(`absences.kind_${absence.kind}`)}</span>}</div>
        <div className="hint"><span className="num">{t('absences.span', { from: onTheClock(absence.from), to: onTheClock(absence.to) })}</span> · {names ? t('absences.by', { names }) : t('absences.noStandIns')}</div>
      </div>
      {absence.mine && <Button small busy={busy} onClick={() => void stop()}>{t(absence.state === 'planned' ? 'absences.callOff' : 'absences.endNow')}</Button>}
    </li>
  )
}
