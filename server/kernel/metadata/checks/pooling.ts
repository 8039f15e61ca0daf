import type { Pooling } from '#language/definitions'
import { type Finding, finding, findings, repeated } from './finding.ts'
import { literals } from './acts.ts'
import type { Reader } from './reader.ts'
import { checkMask } from './settings.ts'

export function checkPooling({ key, object, field, pools, places, visible, masks = {}, enter, claim, recycle }: Pooling, reader: Reader): Finding[] {
  const other = [...reader.metadata.poolings.values()].find((each) => each.object === object && each.key !== key)
  return findings(
    reader.object('object', object),
    other && finding('object', `「${object}」已有公海规则「${other.label.zh}」`, `“${object}” has a pooling already: “${other.label.en}”`),
    reader.referenceTo('field', object, field, pools.object),
    reader.object('pools.object', pools.object),
    reader.field('pools.team', pools.object, pools.team, 'team'),
    reader.field('pools.members', pools.object, pools.members, 'members'),
    (['daily', 'holding', 'protectHours'] as const).flatMap((name) => reader.field(`pools.${name}`, pools.object, pools[name], 'integer')),
    places.flatMap(({ when }, i) => reader.condition(`places.${i}.when`, object, when, 'field-check')),
    repeated(visible).map((each) => finding('visible', `「${each}」出现多次`, `“${each}” stands more than once`)),
    visible.flatMap((each, i) => findings(
      reader.field(`visible.${i}`, object, each),
      reader.metadata.derivations().movingIn(object).some((moving) => moving.key === each) && finding(`visible.${i}`, `「${reader.labelOf(object, each).zh}」到了新的一天会自己变，公海里显示不了`, `“${reader.labelOf(object, each).en}” changes by itself with every new day and cannot be shown in a pool`))),
    Object.entries(masks).flatMap(([each, read]) => findings(reader.field(`masks.${each}`, object, each), checkMask(`masks.${each}`, object, [each, read], reader))),
    literals('enter', object, enter, reader),
    literals('claim', object, claim, reader),
    reader.condition('recycle.when', object, recycle.when, 'filter'),
  )
}
