/** Which names and beginnings betray a file that must stay where it is. */

/** Where the development server gives a member its own identity file, spelled in exactly this way. */
export const IDENTITY_URL = '/identity/identity.bin';

/** The same file below the client's folder. */
export const IDENTITY_FILE = 'public/identity/identity.bin';

/** For Vite's `server.fs.deny`: its own defaults, then ours. */
export const DENIED_FILES = [
  '.env',
  '.env.*',
  '*.{crt,pem}',
  '**/.git/**',
  'identity*.bin',
  'circle.key',
  'allowed-keys-seed.json',
  '*.age',
  '**/public/identity/**',
];

const FORBIDDEN = [
  /(^|\/)public\/identity(\/|$)/,
  /(^|\/)identity[^/]*\.bin/,
  // Windows finds identity.bin under its short name too.
  /(^|\/)identi~\d/,
  /(^|\/)circle\.key/,
  /(^|\/)allowed-keys-seed\.json/,
  /\.age(?![\w-])/,
];

function resolveDots(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/**
 * What a file system or a server may take a text for: percent-encoding (several times over), case, backslashes, doubled
 * slashes and dot segments make no difference, and a question mark may or may not end the path.
 * @returns undefined when the text cannot be decoded
 */
export function readingsOf(text: string): string[] | undefined {
  let path = text;
  try {
    for (let decoded = decodeURIComponent(path); decoded !== path; decoded = decodeURIComponent(path))
      path = decoded;
  } catch {
    return undefined;
  }
  const plain = path.normalize('NFKC').toLowerCase().replaceAll('\0', '').replaceAll('\\', '/');
  const [beforeQuery = ''] = plain.split('?');
  return [plain.replace(/\/{2,}/g, '/'), resolveDots(plain), resolveDots(beforeQuery)];
}

/**
 * Whether a path, a URL or a module id names a secret file or anything in the identity's folder.
 * @param own name of one more secret file
 */
export function namesSecret(text: string, own?: string): boolean {
  const readings = readingsOf(text) ?? [text.toLowerCase()];
  return readings.some(
    (path) =>
      FORBIDDEN.some((pattern) => pattern.test(path)) ||
      (own !== undefined && path.includes(`/${own.toLowerCase()}`)),
  );
}

const BEGINNINGS = ['RELAYID1', 'RELAYCK1', 'age-encryption.org/v1', '-----BEGIN AGE ENCRYPTED FILE-----'];

// The client's own code holds the magics as text; a file that was inlined goes on after them.
const INLINED = [
  /RELAY(ID|CK)1(\0|\\0|\\x00|\\u0000)/,
  /age-encryption\.org\/v1(\n|\\n)-> /,
  /UkVMQVlJRDEA|UkVMQVlDSzEA|YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0\+/,
];

/** Whether content begins as an identity, a circle key or an age file does, or has one inlined. */
export function holdsSecret(content: Uint8Array): boolean {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  return BEGINNINGS.some((magic) => text.startsWith(magic)) || INLINED.some((pattern) => pattern.test(text));
}
