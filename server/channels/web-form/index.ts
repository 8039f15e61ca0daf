export { webForm, type WebFormPorts } from './routes.ts'
