export { links, type LinkPorts } from './routes.ts'
