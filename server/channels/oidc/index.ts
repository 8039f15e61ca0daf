export { OidcFailed } from './failed.ts'
export { type Leaving, REMEMBERED } from './leaving.ts'
export { enterpriseDoor, type EnterpriseDoor, type OidcClient, type Opening, type ProvenPerson } from './oidc.ts'
export { signOutDoor, type SignOutPorts } from './routes.ts'
