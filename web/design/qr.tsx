import { encode } from 'uqr'

/** A code for a phone's camera: dark on light in every theme, or cameras do not read it. */
export function Qr({ text, label, size = 132 }: { text: string; label: string; size?: number }) {
  const { data, size: n } = encode(text, { border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${n} ${n}`} shapeRendering="crispEdges"><rect width={n} height={n} fill="#ffffff" /><path d={path} fill="#000000" /></svg>
}
