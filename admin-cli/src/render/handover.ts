/** The page that is handed over with an identity file: HTML that needs nothing else, for paper and for screens of any width. */
import { fingerprintOf } from '@relay/protocol/wire';
import encodeQR from 'qr';
import type { HandoverPage } from '../services/handover.ts';
import { HANDOVER_STYLE } from './handover-style.ts';

/** Light modules around a code (ISO/IEC 18004 §6.3.8). */
const QUIET = 4;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}

function qrSvg(text: string, label: string): string {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return `<svg viewBox="0 0 ${rows.length} ${rows.length}" shape-rendering="crispEdges" role="img" aria-label="${escaped(label)}"><rect width="100%" height="100%" fill="#fff"/><path d="${path}"/></svg>`;
}

/**
 * What the code of an identity says: the text that stands beside it, so that any camera can read it and no network is needed to
 * compare. The whole key hash is not on paper.
 */
export function identityCode({ identity }: HandoverPage): string {
  return `relay identity ${identity.number}\nkey ${fingerprintOf(identity.keyHash)}\ncircle ${fingerprintOf(identity.circleId)}`;
}

function groups(fingerprint: string): string {
  return fingerprint
    .split(' ')
    .map((group) => `<span>${group}</span>`)
    .join(' ');
}

function pageHtml(page: HandoverPage): string {
  const { identity, relay } = page;
  const label = escaped(identity.label);
  return `<article>
<header><p class="number">Relay identity ${identity.number}</p><h1>${label}</h1></header>
<section><div><h2>Your key</h2><p class="print">${groups(fingerprintOf(identity.keyHash))}</p>
<h2>Your circle</h2><p class="print">${groups(fingerprintOf(identity.circleId))}</p>
<p>Compare both with what your copy of the file says: <code>npm run relay-admin -- identities verify identity.bin</code>, or scan the code. Your member list is no. ${identity.serial}, of ${identity.members.length} people.</p></div>
<figure>${qrSvg(identityCode(page), `QR code of the fingerprints of ${identity.label}`)}<figcaption>key and circle</figcaption></figure></section>
<section><div><h2>Your relay</h2><p class="address">${escaped(relay)}</p>
<p>Put this into <code>client/.env.local</code> as <code>VITE_API_URL=${escaped(relay)}</code>, start the client, and drop your identity file on the page.</p></div>
<figure>${qrSvg(relay, 'QR code of the relay’s address')}<figcaption>relay</figcaption></figure></section>
<footer><ul>
<li>The file was handed to you in person. ${identity.wrapped ? 'Its passphrase was told to you, and stands nowhere.' : 'It has no passphrase: whoever holds it is you.'}</li>
<li>This sheet holds no secret, but it ties your name to your key: who has it and the relay’s disk knows which mailbox is yours. Destroy it when you have compared.</li>
<li>If the file is lost or in other hands, tell the one who made it at once: your key is revoked, and you get a new file.</li>
</ul></footer></article>`;
}

/** The whole document, a sheet for each page. No script, and nothing is loaded from anywhere. */
export function handoverHtml(pages: readonly HandoverPage[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>Relay identities</title><style>${HANDOVER_STYLE}</style></head>
<body>
${pages.map(pageHtml).join('\n')}
</body></html>
`;
}

/** What `identities print --json` prints. */
export function printedJson(path: string, pages: readonly HandoverPage[], warnings: readonly string[]) {
  return {
    file: path,
    relay: pages[0]?.relay ?? '',
    members: pages.map(({ identity }) => ({
      number: identity.number,
      label: identity.label,
      fingerprint: fingerprintOf(identity.keyHash),
    })),
    warnings,
  };
}

/** What `identities print` prints. */
export function printedText(path: string, pages: readonly HandoverPage[]): string {
  return `Wrote ${path}: ${pages.length === 1 ? 'one sheet' : `${pages.length} sheets`}, to be opened in a browser and printed.
It holds no secret, but ties names to keys: remove it when it is printed.
`;
}
