/** What a parser answers: the value, or a reason code that a screen turns into a sentence. Users' mistakes return; only programmers' mistakes throw. */
export type Parsed<T, Reason extends string> = ({ ok: true } & T) | { ok: false; reason: Reason }

export const refuse = <Reason extends string>(reason: Reason): { ok: false; reason: Reason } => ({ ok: false, reason })

export type Lang = 'zh' | 'en'
