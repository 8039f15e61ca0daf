export { resolveContacts, type ContactPoint, type KnownContact } from './resolve.ts'
