import type { OnDuty } from '#language/definitions'
import type { Catalogue } from '../../api/catalogue.ts'
import { label, t } from '../../i18n/index.ts'

export interface DutyOption { value: string; label: string; onDuty: OnDuty }
const written = ({ object, duty = '', at = '' }: OnDuty): string => `duty:${object}:${duty}:${at}`
export const dutyKey = written

/** Who is on duty, in words: 「预约时间值班的护士长」. */
export function dutyText(catalogue: Catalogue, target: string, { object, duty, at }: OnDuty): string {
  const rota = catalogue.object(object)
  const dictionary = rota?.shift?.duty === undefined ? undefined : rota.field.get(rota.shift.duty)?.dictionary
  const who = duty === undefined ? t('rules.anyOnDuty') : label(catalogue.option(dictionary, duty)?.label) || duty
  return t('rules.onDuty', { who, when: at === undefined ? t('rules.atThatTime') : label(catalogue.object(target)?.field.get(at)?.label) || at })
}

/** Every duty of every rota, now and at each instant of the record. */
export function dutyOptions(catalogue: Catalogue, target: string): DutyOption[] {
  const instants = [undefined, ...(catalogue.object(target)?.fields ?? []).filter((field) => field.kind === 'datetime' && !field.base).map(({ key }) => key)]
  return catalogue.objects.flatMap(({ key, shift, field }) => {
    if (!shift) return []
    const options = catalogue.options(shift.duty === undefined ? undefined : field.get(shift.duty)?.dictionary)
    const duties = [undefined, ...options.map((option) => option.key)]
    return duties.flatMap((duty) => instants.map((at) => ({ object: key, ...(duty !== undefined && { duty }), ...(at !== undefined && { at }) }))).map((onDuty) => ({ value: written(onDuty), label: dutyText(catalogue, target, onDuty), onDuty }))
  })
}
