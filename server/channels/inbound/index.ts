export { inbound, type InboundPorts } from './routes.ts'
export { EVENT_HEADER, SECRET_HEADER, SIGNATURE_HEADER } from './proof.ts'
