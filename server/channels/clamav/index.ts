export { clamav, clamavAddress, type ClamavAddress } from './clamav.ts'
