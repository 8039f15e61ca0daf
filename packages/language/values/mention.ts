const MENTION = /@\[([^\]\n]{1,80})\]\((\d{1,9})\)/g

/** `@[李娜](12)`: readable as it stands, and bound to the member whatever they are called later. */
export const mention = (id: number, name: string): string => `@[${name.replace(/[\]\n]/g, '')}](${id})`

/** The members that a text mentions, each once, in their order. */
export const mentionsIn = (text: string): number[] => [...new Set([...text.matchAll(MENTION)].map(([, , id]) => Number(id)))]

/** The text as people read it: `@李娜`, by today's name where one is known. */
export const withNames = (text: string, nameOf: (id: number) => string | undefined = () => undefined): string =>
  text.replace(MENTION, (_, written: string, id: string) => `@${nameOf(Number(id)) ?? written}`)
