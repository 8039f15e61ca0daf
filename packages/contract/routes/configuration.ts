import { z } from 'zod'
import { CONFIGURATION_PARTS, type ConfigurationPart, Label } from '#language/definitions'
import { route, Whole } from '../route.ts'
import { ActorShape, Instant, Kind, Sentence } from '../shapes.ts'

const MOST_BYTES = 16 * 1_048_576
const Part = z.enum(Object.keys(CONFIGURATION_PARTS) as [ConfigurationPart, ...ConfigurationPart[]])
const Id = z.string().min(1).max(140)
const Ids = z.array(Id).max(20_000)
const Chosen = z.record(z.string().max(10), z.number().int())
export const ConfigurationChoices = z.strictObject({ skip: Ids, take: z.record(Id, z.array(z.string().max(500)).max(2_000)), back: Ids, remove: Ids, members: Chosen, teams: Chosen })
/** What is looked at and what is brought in: the file as it was exported, and what has been decided about it. */
const Given = { file: z.unknown(), choices: ConfigurationChoices }

const Text = z.object({ zh: z.string(), en: z.string() })
const Item = z.object({
  id: Id, kind: Kind, key: z.string(), label: Label, standing: z.enum(['new', 'same', 'update', 'merge', 'keep', 'removed', 'lost']),
  planned: z.boolean().describe('It would change'),
  changes: z.array(z.object({ where: Sentence, before: Text.nullable(), after: Text.nullable() })).describe('What would differ from what stands here'),
  conflicts: z.array(z.object({ path: z.string(), where: Sentence, mine: Text.nullable(), theirs: Text.nullable() })).describe('Both changed the same; what stands here stays unless theirs is taken'),
  whose: Text.nullable().describe('Whose a view or dashboard will be that a member made and shared, and with whom'),
  stopped: z.array(Sentence).describe('Why it cannot be brought in'), missing: z.array(z.enum(['secret', 'record', 'file'])), warnings: z.array(Sentence).describe('What the checks say about it'),
  state: z.enum(['template', 'active', 'paused']).nullable(),
})
const Person = z.object({ place: z.enum(['member', 'team']), ref: z.number(), name: z.string(), roles: z.array(z.string()), chosen: z.number().nullable(), made: z.boolean().describe('Named only as whose a view or dashboard is') })
const Import = z.object({ id: z.number(), at: Instant, by: ActorShape.nullable(), name: z.string(), from: z.string(), exportedAt: Instant, n: z.number(), undoneAt: Instant.nullable(), undoneBy: z.string().nullable() })

export const configuration = {
  configuration: route('configuration', { auth: 'right:definitions', summary: { zh: '可以导出的配置，和以往的导入', en: 'What may be exported of the configuration, and past imports of one' },
    response: z.object({ parts: z.array(z.object({ part: Part, n: z.number(), theirs: z.number().describe('Of these, how many members made and shared'), kinds: z.array(Kind), may: z.boolean() })), imports: z.array(Import) }) }),
  exportConfiguration: route('exportConfiguration', { auth: 'right:definitions', unrecorded: true, summary: { zh: '导出配置为一个文件：没有数据，没有密钥', en: 'Export what is configured as one file: no records, no secrets' },
    body: z.strictObject({ parts: z.array(Part).min(1).max(20) }), response: z.unknown() }),
  planConfiguration: route('planConfiguration', { auth: 'right:definitions', unrecorded: true, mostBytes: MOST_BYTES, summary: { zh: '导入这份配置会改什么，不写入', en: 'What bringing this configuration in would change; nothing is written' }, body: z.strictObject(Given),
    response: z.object({ from: z.object({ name: z.string(), at: Instant, by: z.string() }), untouched: z.boolean(), items: z.array(Item), people: z.array(Person), stamp: z.string() }) }),
  importConfiguration: route('importConfiguration', { auth: 'right:definitions', mostBytes: MOST_BYTES, summary: { zh: '导入配置：一次完成，可以撤销', en: 'Bring a configuration in: in one act, and it can be taken back' },
    body: z.strictObject({ ...Given, name: z.string().min(1).max(200), stamp: z.string().max(80) }), response: z.object({ id: z.number(), n: z.number() }) }),
  undoConfiguration: route('undoConfiguration', { auth: 'right:definitions', summary: { zh: '撤销一次配置导入，保留之后的修改', en: 'Take an import of a configuration back, keeping what was changed since' }, params: z.strictObject({ id: Whole(1, 2_000_000_000) }),
    response: z.object({ n: z.number(), left: z.array(z.object({ kind: Kind, key: z.string(), label: Label, why: Sentence })) }) }),
}
