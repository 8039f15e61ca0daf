import { t } from '../../i18n/index.ts'

/** What a kind of definition is called. */
export const kindName = (kind: string): string => t(`audit.kind_${kind}` as 'audit.kind_rule')
