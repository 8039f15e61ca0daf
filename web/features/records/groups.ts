import type { FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { lang, t } from '../../i18n/index.ts'

/** The heading under which a field stands. */
export const groupName = (object: Pick<ObjectFacts, 'groups'>, field: Pick<FieldShape, 'group'> & { base?: boolean }, other: string): string =>
  field.base ? t('conditions.baseFields') : field.group === undefined ? other : (lang() === 'en' && object.groups?.[field.group]) || field.group
