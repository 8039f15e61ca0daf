import type { Form } from '#language/definitions'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { lang, t } from '../../i18n/index.ts'
import css from './forms.module.css'

/** As the hosted page will look; nothing here can be sent. */
export function FormPreview({ form }: { form: Form }) {
  const catalogue = useCatalogue()
  const object = catalogue.object(form.object)
  return (
    <div className={css.preview} inert>
      <h3 className={css.previewTitle}>{form.label[lang()]}</h3>
      {form.intro && <p className="quiet">{form.intro[lang()]}</p>}
      {form.fields.map((asked) => (
        <div key={asked.field} className={css.previewField}>
          <span>{asked.label[lang()]}{asked.required && <span className="danger"> *</span>}</span>
          <span className={css.previewInput} data-tall={object?.field.get(asked.field)?.kind === 'long'}>{hintOf(object?.field.get(asked.field))}</span>
        </div>
      ))}
      <div className={css.previewConsent}><i />{form.consent.text[lang()]}</div>
      <span className={css.previewSend}>{t('forms.send')}</span>
    </div>
  )
}

const hintOf = (field: FieldShape | undefined): string => (field?.kind === 'select' || field?.kind === 'region' ? t('common.choose') : field?.kind === 'phone' ? '138 0013 8000' : '')
