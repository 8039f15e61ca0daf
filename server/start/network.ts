import { networkInterfaces } from 'node:os'
import { renderUnicodeCompact } from 'uqr'

/** Where other machines of the network find us; empty when we listen to this one only. */
export function lanUrls(host: string, port: number): string[] {
  if (host === '127.0.0.1' || host === 'localhost' || host === '::1') return []
  if (host !== '0.0.0.0' && host !== '::') return [`http://${host.includes(':') ? `[${host}]` : host}:${port}`]
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal)
  return addresses.map(({ address }) => `http://${address}:${port}`)
}

/** A code for a phone's camera, dark on light also in a dark terminal. */
export const qrLines = (address: string): string[] => renderUnicodeCompact(address, { border: 2 }).split('\n').map((line) => `  \u001B[97;40m${line}\u001B[0m`)
