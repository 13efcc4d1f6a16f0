/** What a `.env` needs for what it asks for, and what makes it weak. Each is a setting and a sentence that says what to do. */

type Values = ReadonlyMap<string, string>;
type Said = readonly [name: string, finding: string];

const LOOPBACK = /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(:\d+)?$/;
const DAY_SECONDS = 86_400;

const listed = (text = '') =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Settings without which others that are there do not work. */
export function missingSettings(values: Values): Said[] {
  const has = (name: string) => Boolean(values.get(name));
  const uses = (override: string) =>
    (values.get('COMPOSE_FILE') ?? '').split(':').includes(`compose/${override}.yml`);
  const findings: Said[] = [];
  const need = (name: string, why: string) => {
    if (!has(name)) findings.push([name, `It is missing: ${why}`]);
  };
  if (uses('tls')) need('RELAY_DOMAIN', 'compose/tls.yml needs the domain that members dial.');
  if (uses('existing-proxy')) {
    need('PROXY_NETWORK', 'compose/existing-proxy.yml needs the Docker network of the proxy.');
    need('RELAY_PUBLIC_URL', 'compose/existing-proxy.yml needs the https:// origin that members dial.');
  }
  if (uses('turn-ports'))
    need(
      'TURN_EXTERNAL_IP',
      'with published TURN ports, the TURN server cannot see the address that members reach.',
    );
  if (uses('turn-ports') && uses('tls') && !uses('tls-turn-ports')) {
    findings.push([
      'COMPOSE_FILE',
      'compose/tls-turn-ports.yml is missing behind compose/tls.yml and compose/turn-ports.yml: TURN over TLS is not published. Run: make up',
    ]);
  }
  const domain = values.get('RELAY_DOMAIN');
  const urls = listed(values.get('RELAY_PUBLIC_URL'));
  if (domain && urls.length > 0 && !urls.includes(`https://${domain}`)) {
    findings.push([
      'RELAY_PUBLIC_URL',
      `It lacks https://${domain}: members who dial the domain cannot sign in. Run: make up DOMAIN=${domain}`,
    ]);
  }
  const [least, most] = [
    Number(values.get('TURN_MIN_PORT') || 49_152),
    Number(values.get('TURN_MAX_PORT') || 53_247),
  ];
  if (least > most)
    findings.push(['TURN_MAX_PORT', 'It is less than TURN_MIN_PORT: the TURN server does not start.']);
  return findings;
}

const WEAK: readonly (readonly [string, (text: string) => boolean, string])[] = [
  [
    'TURN_LOG',
    (text) => text === 'on',
    'The TURN server prints addresses and times of members. Switch it off again after use.',
  ],
  [
    'TURN_ALLOW_LOOPBACK',
    (text) => text === 'on',
    'Members reach what listens on this machine’s loopback. Take it out.',
  ],
  [
    'TURN_ROTATE_SCHEDULE',
    (text) => text === 'off',
    'TURN secrets never change by themselves. Take it out, or rotate by hand: relay-admin turn rotate',
  ],
  [
    'TURN_TTL_SECONDS',
    (text) => Number(text) > DAY_SECONDS / 2,
    'Credentials for calls are good for more than half a day, also for whoever steals one. An hour is enough: they are renewed.',
  ],
  [
    'LOG_LEVEL',
    (text) => text === 'debug',
    'More is printed than an operator needs. It names nobody; info is the default.',
  ],
  [
    'RELAY_BIND',
    (text) => !LOOPBACK.test(text),
    'The relay is published without TLS: who is on that network sees who talks to it. For a private network alone.',
  ],
  [
    'RELAY_PUBLIC_URL',
    hasPlainOrigin,
    'An origin without TLS that is neither this machine nor an onion service: who is on the way sees who talks to the relay.',
  ],
  [
    'WEB_ORIGIN',
    (text) => listed(text).some((one) => !LOOPBACK.test(one)),
    'Whoever serves the client at that origin can give members another one, which reads everything. Members run it on their own machines.',
  ],
  [
    'TRUSTED_PROXY',
    (text) => /(^|,)\s*(0\.0\.0\.0|::)(\/0)?\s*(,|$)/.test(text),
    'Everybody is trusted to say which address they have, so the limits by address hold nobody. Name the proxy’s own address.',
  ],
  [
    'ADDRESS_REQUESTS_PER_MINUTE',
    (text) => Number(text) > 60_000,
    'One stranger’s address may ask so often that members feel it.',
  ],
  [
    'DATABASE_URL',
    (text) => /:\/\/[^:@/]+:(password|relay|postgres|secret|changeme|admin)?@/i.test(text),
    'The password is one that everybody would try.',
  ],
];

function hasPlainOrigin(text: string): boolean {
  return listed(text).some(
    (one) => one.startsWith('http:') && !LOOPBACK.test(one) && !/\.onion(:\d+)?$/.test(one),
  );
}

/** Settings that work and weaken the system. */
export function weakSettings(values: Values): Said[] {
  return WEAK.flatMap(([name, isWeak, finding]) => {
    const text = values.get(name);
    return text && isWeak(text) ? [[name, finding] as const] : [];
  });
}
