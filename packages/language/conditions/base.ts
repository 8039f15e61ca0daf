import { BASE_FIELDS } from '../definitions/object.ts'

export const isBaseColumn = (key: string): boolean => Object.hasOwn(BASE_FIELDS, key)
