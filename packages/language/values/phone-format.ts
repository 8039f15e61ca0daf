const CN_MOBILE = /^\+86(1[3-9]\d)(\d{4})(\d{4})$/
/** Beijing and the other two-digit areas (020–029), then the three-digit ones. */
const CN_LANDLINE = /^\+86(10|2\d|[3-9]\d{2})(\d{3,4})(\d{4})$/
const CN_SERVICE = /^\+86([48]00)(\d{3})(\d{4})$/

/** `+8613800138000` → `138 0013 8000`; other Chinese numbers with their area code, foreign numbers as they are stored. Imports nothing, so the phone entry can use it. */
export function formatPhone(e164: string): string {
  const mobile = CN_MOBILE.exec(e164)
  if (mobile) return mobile.slice(1).join(' ')
  const service = CN_SERVICE.exec(e164)
  if (service) return service.slice(1).join(' ')
  const landline = CN_LANDLINE.exec(e164)
  return landline ? `0${landline.slice(1).join(' ')}` : e164
}

/** The stored form of a phone number: `+`, country, number; 8 to 15 digits. */
export const isE164 = (text: string): boolean => /^\+[1-9]\d{7,14}$/.test(text)
