import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Confirm, Dialog } from '../../design/dialog.tsx'
import { Check, Field, Input } from '../../design/field.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './members.module.css'

type Scope = 'read' | 'write' | 'admin'
const SCOPES: Scope[] = ['read', 'write', 'admin']
const again = () => queries.invalidateQueries({ queryKey: keys.apiKeys })

/** Keys of one's own, for other systems: they act in this member's name. */
export function ApiKeys() {
  const { data, error, refetch } = useQuery({ queryKey: keys.apiKeys, queryFn: () => call('apiKeys', {}) })
  const [making, setMaking] = useState(false)
  const [ending, setEnding] = useState<{ id: number; name: string } | null>(null)
  const rows = data?.keys.filter((key) => !key.revokedAt)
  return (
    <Panel title={t('members.keys')} hint={t('members.keysHint')} acts={<Button small icon="plus" onClick={() => setMaking(true)}>{t('members.newKey')}</Button>}>
      {error ? <Failure error={error} onRetry={refetch} /> : !rows ? <Skeleton rows={2} height={52} /> : rows.length === 0 ? <Empty icon="lock" title={t('members.noKeys')}>{t('members.noKeysHelp')}</Empty> : <ul>{rows.map((key) => (
        <li key={key.id} className={css.key}>
          <div className="grow"><b>{key.name}</b> {key.scopes.map((scope) => <Tag key={scope}>{t(`members.scope_${scope}`)}</Tag>)}<div className="hint"><code>{key.prefix}…</code> · {t('members.keyMade', { when: clockTime(key.createdAt) })} · {key.lastUsedAt ? t('members.keyUsed', { when: ago(key.lastUsedAt) }) : t('members.keyUnused')}</div></div>
          <Button small look="danger" onClick={() => setEnding(key)}>{t('members.endKey')}</Button>
        </li>
      ))}</ul>}
      {making && <NewKey onClose={() => setMaking(false)} />}
      {ending && <Confirm title={t('members.endKeyNamed', { name: ending.name })} act={t('members.endKey')} onClose={() => setEnding(null)} onAct={async () => { await call('revokeApiKey', { params: { id: ending.id } }); await again() }}>{t('members.endKeyHelp')}</Confirm>}
    </Panel>
  )
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['read'])
  const make = useMutation({ mutationFn: () => call('createApiKey', { body: { name: name.trim(), scopes } }), onSuccess: again })
  if (make.data) return <Dialog title={t('members.keyShown')} hint={t('members.keyShownHelp')} onClose={onClose} foot={<Button look="primary" onClick={onClose}>{t('common.done')}</Button>}><div className={css.link}><code>{make.data.key}</code><CopyButton text={make.data.key} /></div></Dialog>
  return (
    <Dialog title={t('members.newKey')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={make.isPending} disabled={!name.trim() || scopes.length === 0} onClick={() => make.mutate()}>{t('members.makeKey')}</Button></>}>
      {make.error && <Failure small error={make.error} />}
      <Field label={t('members.keyName')} required help={t('members.keyNameHelp')}>{(control) => <Input {...control} data-autofocus value={name} maxLength={80} onText={setName} />}</Field>
      <fieldset className={css.scopes}><legend>{t('members.scopes')}</legend>{SCOPES.map((scope) => <Check key={scope} checked={scopes.includes(scope)} onCheck={(on) => setScopes(SCOPES.filter((each) => (each === scope ? on : scopes.includes(each))))}>{t(`members.scope_${scope}`)} <span className="hint">{t(`members.scopeHelp_${scope}`)}</span></Check>)}</fieldset>
    </Dialog>
  )
}
