import { Tag } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import type { Approval } from './query.ts'

const COLOURS = { waiting: 'amber', approved: 'green', refused: 'red', late: 'grey' } as const
export const State = ({ approval: { state } }: { approval: Pick<Approval, 'state'> }) => <Tag colour={COLOURS[state]}>{t(`approvals.state_${state}`)}</Tag>
