import { z } from 'zod'
import { Key, RuleState } from '#language/definitions'
import { route } from '../route.ts'
import { ActorShape, AnyValues, DefinitionShape, DefinitionsShape, Done, Instant, Kind, Sentence } from '../shapes.ts'

const OfKind = z.strictObject({ kind: Kind })
const One = z.strictObject({ kind: Kind, key: z.string().min(1).max(64) })
const Problem = z.object({ path: z.string(), code: z.string(), message: Sentence })

export const definitions = {
  definitions: route('definitions', { auth: 'member', summary: { zh: '界面需要的全部配置，按我的权限', en: 'Everything configured that I may see' }, response: DefinitionsShape }),
  previewSentence: route('previewSentence', { auth: 'member', unrecorded: true, summary: { zh: '把条件或规则读成一句话，并检查', en: 'Read a condition or a rule as a sentence and check it' },
    body: z.union([z.strictObject({ object: Key, condition: z.unknown() }), z.strictObject({ rule: AnyValues }), z.strictObject({ tag: AnyValues })]), response: z.object({ sentence: Sentence.nullable(), problems: z.array(Problem),
      /** What a rule may do, and its maker should know: shadowed, too many messages, secrets. */
      warnings: z.array(z.object({ code: z.string(), message: Sentence, rules: z.array(z.string()) })).optional() }) }),
  definitionsOfKind: route('definitionsOfKind', { auth: 'member', summary: { zh: '某一类配置', en: 'Definitions of one kind' }, params: OfKind, response: z.object({ definitions: z.array(DefinitionShape) }) }),
  definition: route('definition', { auth: 'member', summary: { zh: '一项配置', en: 'One definition' }, params: One, response: DefinitionShape }),
  putDefinition: route('putDefinition', { auth: 'member', summary: { zh: '新建或修改一项配置，立即生效', en: 'Create or change a definition; live at once' }, params: One,
    body: z.strictObject({ body: AnyValues, state: RuleState.optional(), expectVersion: z.number().int().min(0).optional() }), response: DefinitionShape }),
  deleteDefinition: route('deleteDefinition', { auth: 'member', summary: { zh: '删除一项配置', en: 'Delete a definition' }, params: One, response: Done }),
  definitionVersions: route('definitionVersions', { auth: 'member', summary: { zh: '一项配置的历史版本', en: 'Versions of a definition' }, params: One,
    response: z.object({ versions: z.array(z.object({ version: z.number(), at: Instant, by: ActorShape.nullable(), body: AnyValues.nullable() })), template: AnyValues.nullable().describe('as a solution last brought it; null: it came from no solution') }) }),
}
