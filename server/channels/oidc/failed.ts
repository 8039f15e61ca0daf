/** away: the provider does not answer. unusable: what it says of itself cannot be worked with. unproven: what came back does not hold. */
export class OidcFailed extends Error {
  override name = 'OidcFailed'
  readonly kind: 'away' | 'unusable' | 'unproven'
  /** For whoever connects the provider; the message says it in English. */
  readonly zh: string
  constructor(kind: OidcFailed['kind'], said: { zh: string; en: string }, cause?: unknown) { super(said.en, { cause }); this.kind = kind; this.zh = said.zh }
}
