import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Missing } from '../../app/states.tsx'
import { Button } from '../../design/button.tsx'
import { Failure, Skeleton } from '../../design/pieces.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { label } from '../../i18n/index.ts'
import { HowTo } from './how-to.tsx'
import { MappingTable } from './mapping-table.tsx'
import { Preview } from './preview.tsx'
import { Progress } from './progress.tsx'
import { importKeys, isActive, type Opened, useImport } from './query.ts'
import { Result } from './result.tsx'
import { w } from './words.ts'

/** One import, from its columns to its result, wherever it stands. */
export default function ImportPage() {
  const { object: key = '', id = '' } = useParams({ strict: false }) as { object?: string; id?: string }
  const object = useCatalogue().object(key)
  const { data, error, refetch } = useImport(id)
  if (!object) return <Missing />
  const title = w('title', { name: label(object.label) })
  if (error && !data) return <Page title={title}><Failure error={error} onRetry={refetch} /></Page>
  if (!data) return <Page title={title}><Skeleton rows={8} height={48} /></Page>
  return <Import key={id} object={object} opened={data} />
}

export type Act = 'checkImport' | 'runImport' | 'cancelImport' | 'undoImport'

function Import({ object, opened }: { object: ObjectFacts; opened: Opened }) {
  const { import: given } = opened
  const client = useQueryClient()
  const put = (answer: { import: Opened['import'] }) => { client.setQueryData<Opened>(importKeys.one(given.id), (before) => before && { ...before, ...answer }); void client.invalidateQueries({ queryKey: importKeys.past(given.object) }) }
  const act = useMutation({ mutationFn: (what: Act) => call(what, { params: { id: given.id } }), onSuccess: put, onError: (error) => sayTrouble(sentenceOf(error)) })
  const change = useMutation({ mutationFn: (next: Pick<Opened['import'], 'mapping' | 'options'>) => call('changeImport', { params: { id: given.id }, body: next }), onSuccess: put, scope: { id: given.id } })
  useListsAfter(given)
  const settling = given.state === 'draft' || given.state === 'checked'
  const name = label(object.label)
  return (
    <Page title={w('title', { name })} hint={`${given.file} · ${w('rows', { n: given.rows })}`} acts={<Acts opened={opened} object={object} busy={act.isPending || change.isPending} onAct={act.mutate} />}>
      {change.error && <Failure small error={change.error} />}
      {isActive(given) && <Progress given={given} busy={act.isPending} onStop={() => act.mutate('cancelImport')} />}
      {!isActive(given) && given.state !== 'draft' && <Result given={given} name={name} busy={act.isPending} onUndo={() => act.mutate('undoImport')} />}
      {settling && given.mine && <>
        <MappingTable opened={opened} onChange={(mapping) => change.mutate({ mapping, options: given.options })} />
        <HowTo opened={opened} onChange={(options) => change.mutate({ mapping: given.mapping, options })} />
        <Preview opened={opened} />
      </>}
    </Page>
  )
}

function Acts({ opened: { import: given }, object, busy, onAct }: { opened: Opened; object: ObjectFacts; busy: boolean; onAct: (what: Act) => void }) {
  const navigate = useNavigate()
  if (isActive(given)) return null
  if (given.state !== 'draft' && given.state !== 'checked') return <><Button onClick={() => void navigate({ to: at.imports(object.key) })}>{w('again')}</Button><Link className="link" to={at.list(object.key)}>{w('seeList', { name: label(object.label) })}</Link></>
  if (!given.mine) return null
  const ready = given.mapping.some((field) => field !== null)
  const tried = given.state === 'checked'
  const left = given.created + given.updated
  return <>
    <Button disabled={!ready} busy={busy} title={w('trialHint')} look={tried ? 'plain' : 'primary'} onClick={() => onAct('checkImport')}>{w(tried ? 'recheck' : 'trial')}</Button>
    <Button disabled={!ready || (tried && left === 0)} busy={busy} look={tried ? 'primary' : 'plain'} onClick={() => onAct('runImport')}>{tried ? w('start', { n: left }) : w('startAll')}</Button>
  </>
}

/** What was brought in, or taken back, shows in the lists. */
function useListsAfter({ object, state }: Opened['import']): void {
  const client = useQueryClient()
  useEffect(() => { if (state === 'done' || state === 'undone' || state === 'cancelled') void client.invalidateQueries({ queryKey: keys.object(object) }) }, [client, object, state])
}
