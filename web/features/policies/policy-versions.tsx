import { useState } from 'react'
import type { Policy } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { putDefinition, useVersions, type Definition } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, sentenceOf, Skeleton, Tag } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './policies.module.css'
import { policyText } from './said.ts'

/** Every version that was in force, as a sentence, and the way back to it. */
export default function PolicyVersions({ stored, onClose }: { stored: Definition<'policy'>; onClose: () => void }) {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useVersions('policy', stored.key)
  const [busy, setBusy] = useState(false)
  const back = async (body: Policy) => {
    setBusy(true)
    try {
      const made = await putDefinition('policy', { key: stored.key, body, expectVersion: stored.version })
      say(t('common.savedLive'), () => putDefinition('policy', { key: stored.key, body: stored.body, expectVersion: made.version }))
      onClose()
    } catch (failed) {
      sayTrouble(sentenceOf(failed))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog look="sheet" width={520} title={t('roles.versionsOf', { name: label(stored.body.label) })} onClose={onClose}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} /> : <ol className={css.versions}>{data.versions.map(({ version, at: when, by, body }) => (
        <li key={version}>
          <div className={css.versionHead}><b>{t('common.version', { n: version })}</b>{version === stored.version && <Tag>{t('rules.live')}</Tag>}<span className="grow hint">{by?.kind === 'member' ? by.name : t('records.bySystem')} · {clockTime(when)}</span>{body && version !== stored.version && <Button small look="quiet" busy={busy} onClick={() => void back(body as unknown as Policy)}>{t('roles.backTo')}</Button>}</div>
          {body && <p className="dense quiet">{policyText(catalogue, body as unknown as Policy)}</p>}
        </li>
      ))}</ol>}
    </Dialog>
  )
}
