import encodeQR from 'qr';
import { useMemo } from 'react';

/** Light modules around the code, so that a scanner finds its edge. */
const QUIET = 4;

/**
 * The dark modules of a QR code as an SVG path, one unit each, with a quiet zone around them.
 * @param code ASCII text
 * @returns the path, and the length of a side in units
 */
export function qrPath(code: string): { path: string; side: number } {
  const rows = encodeQR(code, 'raw', { ecc: 'medium', border: QUIET });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { path, side: rows.length };
}

/** A QR code, dark on light in every theme: many scanners read no other. */
export function QrCode({ code, label }: { code: string; label: string }) {
  const { path, side } = useMemo(() => qrPath(code), [code]);
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
      data-testid="safety-qr"
    >
      <path d={path} />
    </svg>
  );
}
