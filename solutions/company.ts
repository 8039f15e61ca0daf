import { z } from 'zod'
import { Capability } from '#language/definitions'

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/)

/** Who works in a sample company: what definitions never hold. Teams and people refer to each other by key. */
export const Company = z.strictObject({
  name: z.string(),
  /** What the sample texts may say about it. */
  facts: z.strictObject({ industry: z.string(), city: z.string(), staff: z.number().int(), revenue: z.string(), product: z.string(), story: z.string() }),
  teams: z.array(z.strictObject({ key: Name, name: z.string(), parent: Name.optional(), head: Name.optional() })),
  members: z.array(z.strictObject({
    key: Name, name: z.string(), email: z.email(), phone: z.string(), job: z.string(), roles: z.array(z.string()).min(1),
    team: Name,
    /** Further teams. */
    teams: z.array(Name).optional(),
    supervisor: Name.optional(),
    capability: Capability,
  })),
})
export type Company = z.infer<typeof Company>
export type CompanyMember = Company['members'][number]
