import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { Link } from '@tanstack/react-router'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Dialog } from '../../design/dialog.tsx'
import { Field } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Failure, Skeleton, Tag } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './record.module.css'

interface Props { object: ObjectFacts; field: FieldShape; record: RecordShape; onClose: () => void }

/** Why a field of this record is read or changed, or not: the verdict, what roles give, which policies hold. Who administers members may ask for anybody. */
export default function FieldWhy({ object, field, record, onClose }: Props) {
  const catalogue = useCatalogue()
  const [member, setMember] = useState<number>(catalogue.me.id)
  const asks = catalogue.can('members')
  const { data, error, refetch } = useQuery({
    queryKey: ['record', object.key, record.id, 'why', field.key, member], retry: false,
    queryFn: ({ signal }) => call('fieldWhy', { params: { object: object.key, id: record.id, field: field.key }, query: member === catalogue.me.id ? {} : { member } }, { signal }),
  })
  const read = (state: string) => t(state === 'full' ? 'policies.verdict_full' : state === 'hidden' ? 'policies.verdict_hidden' : 'policies.verdict_masked')
  const write = (may: boolean) => t(may ? 'policies.verdict_write' : 'policies.verdict_noWrite')
  return (
    <Dialog look="sheet" width={480} title={t('policies.whyTitle', { field: label(field.label) })} hint={record.title} onClose={onClose}>
      {asks && <Field label={t('policies.whyFor')}>{(control) => <Picker {...control} label={t('policies.whyFor')} value={String(member)} options={catalogue.members.filter((each) => each.active).map((each) => ({ value: String(each.id), label: each.name, hint: each.job ?? undefined }))} onPick={(id) => { if (id) setMember(Number(id)) }} />}</Field>}
      {error ? <Failure small error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} /> : (
        <div className={css.fieldWhy} aria-live="polite">
          <p><b>{read(data.read)}{t('policies.comma')}{write(data.write)}</b></p>
          <h3>{t('policies.fromPolicies')}</h3>
          {data.policies.length === 0 ? <p className="hint">{t('policies.noPolicies')}</p> : <ul>{data.policies.map((policy) => (
            <li key={policy.key} data-off={!policy.holds}><Icon name={policy.effect === 'limit' ? 'lock' : 'check'} size={14} /><span className="grow">{asks ? <Link to={at.policy(policy.key)} className="link">{label(policy.label)}</Link> : label(policy.label)}</span><Tag>{policy.holds ? t(`policies.effect_${policy.effect}`) : t('policies.notHere')}</Tag></li>
          ))}</ul>}
          <h3>{t('policies.fromRoles')}</h3>
          {data.roles.length === 0 ? <p className="hint">{t('policies.noRoles')}</p> : <ul>{data.roles.map((role) => <li key={role.role.zh}>{t('policies.roleGives', { role: label(role.role), read: read(role.read), write: write(role.write) })}</li>)}</ul>}
        </div>
      )}
    </Dialog>
  )
}
