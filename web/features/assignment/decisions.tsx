import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { actionsIn, type AssignmentPolicy, type Rule } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { ago } from '../../design/format.ts'
import { Empty, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './assignment.module.css'
import { Candidates } from './candidates.tsx'

const LATEST = 12
const uses = (rule: Rule, policy: string): boolean => actionsIn(rule.actions).some((action) => action.do === 'assign' && action.policy === policy)

/** The latest records that went through this policy; each opens its table of candidates. */
export function Decisions({ policy }: { policy: AssignmentPolicy }) {
  const catalogue = useCatalogue()
  const rules = useDefinitions('rule')
  const keysOfRules = (rules.data ?? []).filter((rule) => uses(rule.body, policy.key)).map((rule) => rule.key)
  const { data } = useQuery({ queryKey: keys.runs({ deciding: keysOfRules }), enabled: catalogue.can('rules') && keysOfRules.length > 0, queryFn: async () => (await Promise.all(keysOfRules.map((rule) => call('runs', { query: { rule, status: 'done', limit: LATEST } })))).flatMap((page) => page.items).sort((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, LATEST) })
  if (!catalogue.can('rules')) return null
  return (
    <Panel title={t('assignment.decisions')} hint={t('assignment.decisionsHint')}>
      {rules.data && keysOfRules.length === 0 ? <Empty icon="target" title={t('assignment.unused')}>{t('assignment.unusedHelp')}</Empty> : !data ? <Skeleton rows={3} /> : data.length === 0 ? <Empty icon="target" title={t('assignment.noDecisions')} /> : <ul>{data.map((run) => <Decided key={`${run.event}-${run.rule}`} object={run.object!} record={run.record!} title={run.title ?? t('records.hiddenRecord')} when={run.startedAt} policy={policy.key} />)}</ul>}
    </Panel>
  )
}

function Decided({ object, record, title, when, policy }: { object: string; record: string; title: string; when: string; policy: string }) {
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ queryKey: keys.why(object, record), queryFn: () => call('recordWhy', { params: { object, id: record } }), enabled: open })
  const decision = data?.items.find((item) => item.decision?.policy === policy)?.decision
  return (
    <li className={css.decided}>
      <div className={css.decidedHead}>
        <button type="button" className={css.expand} aria-expanded={open} aria-label={t('assignment.showCandidates', { name: title })} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} size={14} /></button>
        <Link to={at.record(object, record)} className="link grow">{title}</Link><time className="hint" dateTime={when}>{ago(when)}</time>
      </div>
      {open && (decision ? <Candidates decision={decision} /> : data ? <p className="hint">{t('assignment.noCandidates')}</p> : <Skeleton rows={2} height={30} />)}
    </li>
  )
}
