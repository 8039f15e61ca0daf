import { expect } from 'vitest'
import type { Person } from './house.ts'

/** What the form page sends when somebody submits it; answers the id of the lead. */
export async function submit(person: Person, answers: Record<string, string>): Promise<string> {
  const { id } = await person.ask<{ id: string }>('POST', '/intake/forms/pricing', { consent: 'true', _page_url: 'https://www.example.com/pricing', ...answers })
  return id
}

/** What the form page reports while somebody looks at it. */
export const visit = (person: Person, what: { visitor: string; kind: string; material?: string }): Promise<unknown> =>
  person.ask('POST', '/intake/behaviours', { form: 'pricing', page: 'https://www.example.com/pricing', ...what })

interface Member { id: number; name: string; supervisor: number | null }

/** Waits for the assignment of a lead: its owner's name and the name of the owner's direct supervisor. */
export async function ownedLead(administrator: Person, id: string): Promise<{ owner: string; supervisor: string }> {
  const ownerOf = async (): Promise<number | null> => (await administrator.ask<{ record: { values: { owner?: number | null } } }>('GET', `/api/v1/objects/lead/records/${id}`)).record.values.owner ?? null
  const owner = await expect.poll(ownerOf).not.toBeNull().then(ownerOf)
  const { members } = await administrator.ask<{ members: Member[] }>('GET', '/api/v1/members')
  const member = members.find((each) => each.id === owner)!
  return { owner: member.name, supervisor: members.find((each) => each.id === member.supervisor)!.name }
}
