import { OBJECT_ACTIONS, type Role } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { useVersions, type Definition } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Failure, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { read } from '../conditions/sentence.ts'
import { AskWidening } from './ask-widening.tsx'
import css from './roles.module.css'
import { useRoleChange } from './use-role-change.ts'

/** Every version that was in force, what it changed, and the way back to it. */
export default function RoleVersions({ stored, onClose }: { stored: Definition<'role'>; onClose: () => void }) {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useVersions('role', stored.key)
  const { change, asking, answer, busy } = useRoleChange(stored)
  const versions = data?.versions ?? []
  return (
    <Dialog look="sheet" width={520} title={t('roles.versionsOf', { name: label(stored.body.label) })} onClose={onClose}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} /> : <ol className={css.versions}>{versions.map((version, i) => {
        const [body, before] = [version.body as Role | null, versions[i + 1]?.body as Role | null | undefined]
        return (
          <li key={version.version}>
            <div className={css.versionHead}><b>{t('common.version', { n: version.version })}</b>{version.version === stored.version && <Tag>{t('rules.live')}</Tag>}<span className="grow hint">{version.by?.kind === 'member' ? version.by.name : t('records.bySystem')} · {clockTime(version.at)}</span>{body && version.version !== stored.version && <Button small look="quiet" busy={busy} onClick={() => change(body)}>{t('roles.backTo')}</Button>}</div>
            {body && <ul className="dense quiet">{(before ? differences(catalogue, before, body) : [t('roles.firstVersion')]).map((line) => <li key={line}>{line}</li>)}</ul>}
          </li>
        )
      })}</ol>}
      {asking && <AskWidening effect={asking} busy={busy} onAnswer={answer} />}
    </Dialog>
  )
}

const MOST = 6
function differences(catalogue: Catalogue, before: Role, after: Role): string[] {
  const objects = [...new Set([...Object.keys(before.objects), ...Object.keys(after.objects)])]
  const lines = objects.flatMap((key) => objectDifferences(catalogue, key, [before.objects[key] ?? {}, after.objects[key] ?? {}]))
  if (before.rights.join() !== after.rights.join()) lines.push(`${t('roles.rights')}${t('roles.colon')}${after.rights.map((right) => t(`roles.right_${right}`)).join(t('common.listGap')) || t('common.none')}`)
  return lines.length > MOST ? [...lines.slice(0, MOST), t('roles.moreLines', { n: lines.length - MOST })] : lines
}

type Access = Role['objects'][string]
function objectDifferences(catalogue: Catalogue, key: string, [before, after]: readonly [Access, Access]): string[] {
  const object = catalogue.object(key)
  const name = label(object?.label) || key
  const reaches = OBJECT_ACTIONS.filter((action) => (before[action] ?? 'none') !== (after[action] ?? 'none')).map((action) => `${name} ${t(`roles.do_${action}`)}${t('roles.colon')}${t(`roles.scope_${before[action] ?? 'none'}`)} → ${t(`roles.scope_${after[action] ?? 'none'}`)}`)
  const said = (access: Access, field: string) => {
    const { read: state = 'full', write } = access.fields?.[field] ?? {}
    return state === 'hidden' ? t('roles.isHidden') : state !== 'full' ? t('roles.isMasked', { how: t(`roles.shown_${state}`) }) : write === false ? t('roles.isLocked') : t('roles.isOpen')
  }
  const rowsOf = ({ rows }: Access) => { const told = rows && read(catalogue, key, rows); return told ? (told.ok ? told.sentence : t('roles.rowsBroken')) : t('roles.allRows') }
  const rows = rowsOf(before) === rowsOf(after) ? [] : [`${t('roles.rowsOf', { name })}${t('roles.colon')}${rowsOf(before)} → ${rowsOf(after)}`]
  const fields = [...new Set([...Object.keys(before.fields ?? {}), ...Object.keys(after.fields ?? {})])].filter((field) => said(before, field) !== said(after, field))
  return [...reaches, ...rows, ...fields.map((field) => `${name} · ${label(object?.field.get(field)?.label) || field}${t('roles.colon')}${said(before, field)} → ${said(after, field)}`)]
}
