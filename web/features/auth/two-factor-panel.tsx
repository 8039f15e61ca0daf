import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { CodeField } from './code-field.tsx'
import { doorCss as css } from './door.tsx'
import { Enrol, Recovery, twoFactorQuery } from './enrol.tsx'
import own from './two-factor.module.css'

const again = () => queries.invalidateQueries({ queryKey: twoFactorQuery.queryKey })

/** One's own second factor: on or off, and what to do when the phone changes. */
export function TwoFactorPanel() {
  const { data, error, refetch } = useQuery(twoFactorQuery)
  const [open, setOpen] = useState<'enrol' | 'renew' | 'end' | null>(null)
  const close = () => { setOpen(null); void again() }
  return (
    <Panel title={t('auth.twoFactor')} acts={data && <Tag colour={data.on ? 'green' : 'grey'}>{t(data.on ? 'auth.isOn' : 'auth.isOff')}</Tag>} flush={false}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={1} /> : (
        <>
          <p className={own.about}>{data.on ? t('auth.onSince', { when: clockTime(data.since!, true), n: data.recoveryLeft }) : t('auth.whyTwoFactor')}</p>
          <div className={own.acts}>
            {!data.on && <Button onClick={() => setOpen('enrol')}>{t('auth.setUpTwoFactor')}</Button>}
            {data.on && <Button onClick={() => setOpen('renew')}>{t('auth.renewRecovery')}</Button>}
            {data.on && !data.needed && <Button look="danger" onClick={() => setOpen('end')}>{t('auth.switchOff')}</Button>}
            {data.on && data.needed && <span className="hint">{t('auth.roleKeeps')}</span>}
          </div>
        </>
      )}
      {open === 'enrol' && <Dialog title={t('auth.setUpTwoFactor')} onClose={close}><Enrol onDone={() => { close(); say(t('auth.switchedOn')) }} /></Dialog>}
      {open === 'renew' && <Renew onClose={close} />}
      {open === 'end' && <End onClose={close} />}
    </Panel>
  )
}

function Renew({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState('')
  const renew = useMutation({ mutationFn: () => call('renewRecovery', { body: { code } }) })
  return (
    <Dialog title={t('auth.renewRecovery')} hint={renew.data ? undefined : t('auth.renewHelp')} onClose={onClose}>
      {renew.data ? <Recovery codes={renew.data.recovery} onDone={onClose} /> : (
        <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (code.trim()) renew.mutate() }}>
          <CodeField value={code} onText={setCode} />
          {renew.error && <Failure small error={renew.error} />}
          <Button type="submit" look="primary" busy={renew.isPending} disabled={!code.trim()}>{t('auth.goOn')}</Button>
        </form>
      )}
    </Dialog>
  )
}

function End({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { hasPassword } = useMe()
  const ready = (!hasPassword || password !== '') && code.trim() !== ''
  const end = useMutation({ mutationFn: () => call('endTwoFactor', { body: hasPassword ? { password, code } : { code } }), onSuccess: () => { say(t('auth.switchedOff')); onClose() } })
  return (
    <Dialog title={t('auth.switchOff')} hint={t('auth.switchOffHelp')} onClose={onClose}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (ready) end.mutate() }}>
        {hasPassword && <Field label={t('auth.currentPassword')}>{(control) => <Input {...control} type="password" autoComplete="current-password" value={password} onText={setPassword} />}</Field>}
        <CodeField value={code} onText={setCode} />
        {end.error && <Failure small error={end.error} />}
        <Button type="submit" look="danger" busy={end.isPending} disabled={!ready}>{t('auth.switchOff')}</Button>
      </form>
    </Dialog>
  )
}
