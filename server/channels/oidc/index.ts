export { enterpriseDoor, type EnterpriseDoor, type OidcClient, OidcFailed, type Opening, type ProvenPerson } from './oidc.ts'
