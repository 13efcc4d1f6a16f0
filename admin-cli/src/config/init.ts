import { versionMark } from '@relay/server/settings';

/** What a new `.env` is to say. */
export interface InitAnswers {
  /** Domain that members dial; undefined for a relay on this machine or behind a tunnel. */
  domain: string | undefined;
  /** Address at which members reach the TURN server, behind a NAT. */
  externalIp: string | undefined;
  /** `host`, or the Docker network of a web server that is there. */
  existingProxy: string | undefined;
  /** Whether the TURN server is to have published ports, not the host's network. */
  turnPorts: boolean;
  onion: boolean;
  /** Blobs that one mailbox may hold. */
  mailboxBlobs: number | undefined;
}

/**
 * The text of a `.env`, as `make up` would come to write it.
 * @param version of the settings
 */
export function initialConfig(answers: InitAnswers, version: number): string {
  const { domain, externalIp, existingProxy, turnPorts, onion, mailboxBlobs } = answers;
  const ownTls = domain !== undefined && existingProxy === undefined;
  const overrides = [
    ...(ownTls ? ['tls'] : []),
    ...(existingProxy !== undefined && existingProxy !== 'host' ? ['existing-proxy'] : []),
    ...(turnPorts ? ['turn-ports'] : []),
    ...(onion ? ['onion'] : []),
    // Its file has to stand after both.
    ...(ownTls && turnPorts ? ['tls-turn-ports'] : []),
  ];
  const files = ['docker-compose.yml', ...overrides.map((name) => `compose/${name}.yml`)].join(':');
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['RELAY_DOMAIN', domain],
    ['RELAY_PUBLIC_URL', domain === undefined ? undefined : `https://${domain}`],
    ['EXISTING_PROXY', existingProxy],
    ['PROXY_NETWORK', existingProxy === 'host' ? undefined : existingProxy],
    ['TRUSTED_PROXY', existingProxy === undefined ? undefined : 'uniquelocal'],
    ['COMPOSE_FILE', overrides.length === 0 ? undefined : files],
    ['TURN_EXTERNAL_IP', externalIp],
    ['MAILBOX_MAX_BLOBS', mailboxBlobs === undefined ? undefined : String(mailboxBlobs)],
  ];
  const said = lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return `${[
    versionMark(version),
    '# Settings of this relay; docs/settings.md has them all. After a change: make up',
    ...said,
  ].join('\n')}\n`;
}
