import QRCode from 'qrcode'

/** Cells of white around the code; scanners ask for four. */
const MARGIN = 4

/** A link as a QR code, drawn as one path. Always dark on light: that is what cameras look for. */
export function Qr({ link, className = '' }: { readonly link: string; readonly className?: string }) {
  const { modules } = QRCode.create(link, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * MARGIN
  let path = ''
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x + MARGIN} ${y + MARGIN}h1v1h-1z`
  }
  return (
    <svg
      viewBox={`0 0 ${side} ${side}`}
      className={className}
      role="img"
      aria-label={`QR code of ${link.replace(/#.*/, '')}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} rx="2" fill="#f4fbfb" />
      <path d={path} fill="#06202e" />
    </svg>
  )
}
