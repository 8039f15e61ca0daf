import type { Rule } from '#language/definitions'
import { useVersions, type Definition } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { clockTime } from '../../design/format.ts'
import { LongText } from '../../design/long-text.tsx'
import { Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { publisher } from './rule-page.tsx'
import css from './rules.module.css'
import { ruleText } from './speech.ts'
import { useSpeaker } from './use-speaker.ts'

/** Every version that was ever live; an old one can be taken up again as a draft. */
export function RuleVersions({ stored, onTake }: { stored: Definition<'rule'>; onTake: (body: Rule) => void }) {
  const speaker = useSpeaker()
  const { data, error, refetch } = useVersions('rule', stored.key)
  return (
    <Panel title={t('rules.versions')}>
      {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={3} /> : <ol>{data.versions.map((version) => {
        const body = version.body as unknown as Rule | null
        const readable = body && 'trigger' in body
        return (
          <li key={version.version} className={css.version}>
            <div className={css.versionHead}><b>{t('common.version', { n: version.version })}</b>{version.version === stored.version && <Tag>{t('rules.live')}</Tag>}<span className="grow hint">{publisher({ publishedBy: version.by })} · {clockTime(version.at)}</span>{readable && version.version !== stored.version && <Button small look="quiet" onClick={() => onTake(body)}>{t('rules.takeUp')}</Button>}</div>
            {readable && <LongText text={ruleText(speaker, body)} />}
          </li>
        )
      })}</ol>}
    </Panel>
  )
}
