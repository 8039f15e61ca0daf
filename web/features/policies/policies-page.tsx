import { Link } from '@tanstack/react-router'
import type { Policy } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { putDefinition, useDefinitions, type Definition } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Switch } from '../../design/field.tsx'
import { Empty, Failure, Panel, sentenceOf, Skeleton, Tag } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { Mode } from './mode.tsx'
import css from './policies.module.css'
import { policyText } from './said.ts'

/** What records and circumstances change about permissions, as sentences; each is in force as soon as it is switched on. */
export default function PoliciesPage() {
  const catalogue = useCatalogue()
  const may = catalogue.can('members')
  const { data, error, refetch } = useDefinitions('policy', may)
  if (!may) return <NoRight title={t('policies.title')} right={t('members.title')} />
  const groups = Map.groupBy(data ?? [], ({ body }) => body.object)
  return (
    <Page title={t('policies.title')} hint={t('policies.hint')} acts={<><Link to={at.policyScan} className={css.second}>{t('policies.scan')}</Link><Link to={at.policy('new')} className={css.primary}>{t('policies.make')}</Link></>}>
      <Mode />
      {error ? <Panel label={t('policies.title')}><Failure error={error} onRetry={refetch} /></Panel> : !data ? <Panel label={t('policies.title')}><Skeleton rows={5} height={64} /></Panel>
        : data.length === 0 ? <Panel label={t('policies.title')}><Empty icon="lock" title={t('policies.empty')}>{t('policies.emptyHelp')}</Empty></Panel>
        : [...groups].map(([object, policies]) => <Panel key={object} title={label(catalogue.object(object)?.label) || object}><ul>{policies.map((policy) => <Row key={policy.key} policy={policy} />)}</ul></Panel>)}
    </Page>
  )
}

function Row({ policy }: { policy: Definition<'policy'> }) {
  const catalogue = useCatalogue()
  const { body, key, version } = policy
  const name = label(body.label)
  const turn = async (on: boolean) => {
    try {
      const { off: _, ...rest } = body
      const made = await putDefinition('policy', { key, body: on ? rest : { ...rest, off: true }, expectVersion: version })
      say(t(on ? 'policies.turnedOn' : 'policies.turnedOff', { name }), () => putDefinition('policy', { key, body: body as Policy, expectVersion: made.version }))
    } catch (error) {
      sayTrouble(sentenceOf(error))
    }
  }
  return (
    <li className={css.row}>
      <Link to={at.policy(key)} className={css.policy}>
        <b>{name}</b> <Tag>{t(`policies.effect_${body.effect}`)}</Tag>
        <span className={css.sentence}>{policyText(catalogue, body)}</span>
      </Link>
      <Switch checked={!body.off} onCheck={(on) => void turn(on)} aria-label={t('policies.switchNamed', { name })} />
    </li>
  )
}
