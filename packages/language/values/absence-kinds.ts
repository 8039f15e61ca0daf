/** Why somebody is away. Known to themselves, to those above them and to whoever manages members; to others only that they are. */
export const ABSENCE_KINDS = ['personal', 'sick', 'annual', 'compensatory', 'family', 'trip', 'training', 'other'] as const
export type AbsenceKind = (typeof ABSENCE_KINDS)[number]
