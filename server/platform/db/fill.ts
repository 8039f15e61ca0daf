import { initialsOf } from './initials.ts'

type Query = <R>(text: string, values?: readonly unknown[]) => Promise<R[]>
interface Stored { id: string; text: string; initials: string | null }

const CHUNK = 1_000
const FIRST = '00000000-0000-0000-0000-000000000000'

/** Makes the initials of one field for all rows that stand, a thousand at a time in the order in which writers lock them; a row that is written meanwhile has its own. */
export async function fillInitials(query: Query, table: string, field: string): Promise<void> {
  const [text, initials] = [`"f_${field}"`, `"f_${field}__initials"`]
  for (let after = FIRST; ;) {
    const rows = await query<Stored>(`select id, ${text} as text, ${initials} as initials from {t}."${table}" where id > $1 and ${text} is not null order by id limit ${CHUNK}`, [after])
    const wrong = rows.map(({ id, text, initials }) => ({ id, text, initials, wanted: initialsOf(text) })).filter(({ initials, wanted }) => initials !== wanted)
    if (wrong.length > 0) {
      await query(`with locked as materialized (select r.id from {t}."${table}" r join json_to_recordset($1) as x(id uuid) on x.id = r.id order by r.id for update of r)
        update {t}."${table}" r set ${initials} = x.wanted from json_to_recordset($1) as x(id uuid, text text, wanted text), locked where r.id = locked.id and r.id = x.id and r.${text} = x.text`, [JSON.stringify(wrong)])
    }
    if (rows.length < CHUNK) return
    after = rows.at(-1)!.id
  }
}
