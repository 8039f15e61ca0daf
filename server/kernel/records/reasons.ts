import type { Refusal } from '#contract'
import type { Context } from '#kernel/access'
import type { ObjectMetadata } from '#kernel/metadata'

/** Why a value does not fit; the `reason` of a VALUE_INVALID. */
const REASONS = {
  text: { zh: '应为文字', en: 'it must be text' },
  integer: { zh: '应为整数', en: 'it must be a whole number' },
  boolean: { zh: '应为是或否', en: 'it must be true or false' },
  email: { zh: '不是有效的邮箱地址', en: 'it is not an e-mail address' },
  url: { zh: '应以 http:// 或 https:// 开头', en: 'it must begin with http:// or https://' },
  option: { zh: '不在可选项中', en: 'it is not one of the options' },
  off: { zh: '该选项已停用', en: 'this option is no longer used' },
  reference: { zh: '指向的记录不存在，或你无权查看', en: 'the record it points to does not exist or is not yours to see' },
  file: { zh: '应为已上传的文件', en: 'it must name uploaded files' },
  member: { zh: '没有这位在职成员', en: 'there is no such active member' },
  team: { zh: '没有这个部门', en: 'there is no such team' },
  region: { zh: '不是行政区划代码', en: 'it is not a region code' },
  tag: { zh: '没有这个标签', en: 'there is no such tag' },
} as const
export type Reason = keyof typeof REASONS

/** The refusal in the reader's words: field keys become labels, reasons become sentences. */
export function inWords({ request }: Context, object: ObjectMetadata | undefined, refusal: Refusal): Refusal {
  const lang = request?.lang ?? 'zh'
  const { field, reason, ...params } = refusal.params ?? {}
  const label = refusal.code === 'FIELD_NOT_AVAILABLE' ? undefined : object?.field.get(String(field))?.label[lang]
  return {
    ...refusal,
    params: {
      ...params,
      ...(field !== undefined && { field: label ?? field }),
      ...(reason !== undefined && { reason: REASONS[reason as Reason]?.[lang] ?? reason }),
    },
  }
}
