import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { ago, clockTime, phone as formatPhone } from '../../design/format.ts'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { FeedPanel } from '../calendar/feed.tsx'
import { ApiKeys } from '../members/api-keys.tsx'
import { NoticeSettings } from '../notifications/settings.tsx'
import { TwoFactorPanel } from './two-factor-panel.tsx'
import css from './account.module.css'
import { agentName } from './agent.ts'

export default function AccountPage() {
  return <Page title={t('shell.account')}><div className={css.page}><Particulars /><NoticeSettings /><TwoFactorPanel /><Devices /><FeedPanel /><ApiKeys /></div></Page>
}

function Particulars() {
  const me = useMe()
  const [name, setName] = useState(me.name)
  const [email, setEmail] = useState(me.email ?? '')
  const known = me.phone ? formatPhone(me.phone) : ''
  const [phone, setPhone] = useState(known)
  const changed = name !== me.name || email !== (me.email ?? '') || phone !== known
  const save = useMutation({ mutationFn: () => call('updateMe', { body: { name: name.trim(), ...(email && email !== me.email ? { email } : {}), ...(phone && phone !== known ? { phone } : {}) } }), onSuccess: (answer) => { queries.setQueryData(keys.me, answer); say(t('common.saved')) } })
  return (
    <Panel title={t('auth.particulars')} flush={false}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (changed && name.trim()) save.mutate() }}>
        <Field label={t('auth.yourName')}>{(control) => <Input {...control} value={name} maxLength={80} onText={setName} />}</Field>
        <Field label={t('auth.email')}>{(control) => <Input {...control} type="email" value={email} onText={setEmail} />}</Field>
        <Field label={t('auth.phone')}>{(control) => <Input {...control} type="tel" value={phone} onText={setPhone} />}</Field>
        {save.error && <Failure small error={save.error} />}
        <div className={css.acts}><Button type="submit" look="primary" disabled={!changed || !name.trim()} busy={save.isPending}>{t('common.save')}</Button>{me.hasPassword && <Link to={at.changePassword} className="link">{t('auth.changePassword')}</Link>}</div>
      </form>
    </Panel>
  )
}

/** Where this account is signed in, and how to end it there. */
function Devices() {
  const { data, error, refetch } = useQuery({ queryKey: keys.devices, queryFn: () => call('devices', {}) })
  const again = () => queries.invalidateQueries({ queryKey: keys.devices })
  const revoke = useMutation({ mutationFn: (id: string) => call('revokeDevice', { params: { id } }), onSuccess: again })
  const others = useMutation({ mutationFn: () => call('revokeOtherDevices', {}), onSuccess: () => { say(t('auth.othersOut')); return again() } })
  return (
    <Panel title={t('auth.devices')} acts={data && data.devices.length > 1 && <Button small busy={others.isPending} onClick={() => others.mutate()}>{t('auth.outOthers')}</Button>}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={2} height={52} /> : (
        <ul>{data.devices.map((device) => (
          <li key={device.id} className={css.device}>
            <div className="grow"><div>{agentName(device.agent)} {device.current && <Tag>{t('auth.thisDevice')}</Tag>}</div><div className="hint">{[device.ip, t('auth.seen', { when: ago(device.seenAt) }), t('auth.since', { when: clockTime(device.createdAt) })].filter(Boolean).join(' · ')}</div></div>
            {!device.current && <Button small onClick={() => revoke.mutate(device.id)}>{t('auth.signOutThere')}</Button>}
          </li>
        ))}</ul>
      )}
    </Panel>
  )
}
