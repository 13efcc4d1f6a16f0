/** Settings of the appliance's other parts: the TURN server's own, and those that the compose files and `make` read. */
import { isIP } from 'node:net';
import { z } from 'zod';
import type { Setting } from './setting-schema.ts';
import { host, integer, oneOf, setting } from './setting-schema.ts';

/** A setting of another part than the relay. */
export interface ApplianceSetting extends Setting<z.ZodType<unknown, string | undefined>> {
  /** Who reads it. */
  part: 'TURN server' | 'appliance';
}

const addresses = z
  .string()
  .refine(
    (text) => text.split(/[,\s]+/).every((part) => isIP(part) > 0),
    'it must be IP addresses, separated by commas',
  );
const memory = z.string().regex(/^\d+[kmg]b?$/i, 'it must be a size, such as 512m or 1g');
const onOff = oneOf('on', 'off');

const turn = (env: string, declared: Omit<ApplianceSetting, 'env' | 'part'>): ApplianceSetting => ({
  ...setting({ env, ...declared }),
  part: 'TURN server',
});
const appliance = (env: string, declared: Omit<ApplianceSetting, 'env' | 'part'>): ApplianceSetting => ({
  ...setting({ env, ...declared }),
  part: 'appliance',
});

/** All of them. A test holds those of the TURN server against images/coturn/lib/settings.sh, and all against the compose files. */
export const applianceSettings: readonly ApplianceSetting[] = [
  turn('TURN_MIN_PORT', {
    doc: 'First UDP port of the range that members’ media is relayed on. Open the range in every firewall.',
    schema: integer(1_024, 65_535),
    default: '49152',
  }),
  turn('TURN_MAX_PORT', {
    doc: 'Last UDP port of that range.',
    schema: integer(1_024, 65_535),
    default: '53247',
  }),
  turn('TURN_EXTERNAL_IP', {
    doc: 'Addresses at which members reach the TURN server, where a NAT is in front: one of IPv4, one of IPv6, separated by a comma.',
    schema: addresses.optional(),
    example: '203.0.113.7',
  }),
  turn('TURN_LISTEN_IP', {
    doc: 'Addresses of this machine that the TURN server serves on. When not set: those that lead to the internet.',
    schema: addresses.optional(),
    example: '192.168.1.5',
  }),
  turn('TURN_REALM', {
    doc: 'Name that the TURN server gives itself. Nothing depends on it.',
    schema: z.string().regex(/^[A-Za-z0-9.-]+$/, 'it must be of letters, digits, dots and hyphens'),
    default: 'relay',
  }),
  turn('TURN_USER_QUOTA', {
    doc: 'Allocations of one member at a time. A browser may make one for each peer, address of its own and URL: 19 × 4 × 3 are 228.',
    schema: integer(1, 100_000),
    default: '240',
  }),
  turn('TURN_TOTAL_QUOTA', {
    doc: 'Allocations of all members at a time.',
    schema: integer(1, 100_000),
    default: '2400',
  }),
  turn('TURN_MAX_BPS', {
    doc: 'Bytes per second and direction of one allocation, which is one peer’s media; 1000000 (8 Mbit/s) carry a shared screen.',
    schema: integer(10_000, 125_000_000),
    default: '1000000',
  }),
  turn('TURN_LOG', {
    doc: 'on prints the TURN server’s own log, which has addresses and times of members. Off again after use.',
    schema: onOff,
    default: 'off',
  }),
  turn('TURN_ALLOW_LOOPBACK', {
    doc: 'on lets members reach the TURN server’s own loopback through it. For tests alone, never on a server.',
    schema: onOff,
    default: 'off',
  }),
  appliance('RELAY_DOMAIN', {
    doc: 'Domain that members dial, with TLS. `make up DOMAIN=…` sets it, RELAY_PUBLIC_URL and COMPOSE_FILE together.',
    schema: host.optional(),
    example: 'relay.example.org',
  }),
  appliance('RELAY_TLS_ISSUER', {
    doc: 'acme gets certificates of Let’s Encrypt; internal makes an authority of its own, which each member’s browser must be told to trust.',
    schema: oneOf('acme', 'internal'),
    default: 'acme',
  }),
  appliance('RELAY_BIND', {
    doc: 'Address of this machine on which the relay is published, without TLS. Another than 127.0.0.1 is for a private network alone.',
    schema: z.string().refine((text) => isIP(text) > 0, 'it must be an IP address'),
    default: '127.0.0.1',
  }),
  appliance('RELAY_PORT', {
    doc: 'Port on which it is published there.',
    schema: integer(1, 65_535),
    default: '4000',
  }),
  appliance('HTTP_PORT', {
    doc: 'Port of Caddy for certificates. Let’s Encrypt asks at 80: another is for a machine behind a forwarding.',
    schema: integer(1, 65_535),
    default: '80',
  }),
  appliance('HTTPS_PORT', { doc: 'Port of Caddy for members.', schema: integer(1, 65_535), default: '443' }),
  appliance('EXISTING_PROXY', {
    doc: 'host, or the Docker network of a web server that is there already and passes requests on. `make up EXISTING_PROXY=…` sets it.',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, 'it must be host, or the name of a network')
      .optional(),
    example: 'host',
  }),
  appliance('PROXY_NETWORK', {
    doc: 'The same network, for compose/existing-proxy.yml.',
    schema: z.string().min(1).optional(),
    example: 'proxy',
  }),
  appliance('POSTGRES_MEMORY', {
    doc: 'Most memory that PostgreSQL may take.',
    schema: memory,
    default: '768m',
  }),
  appliance('RELAY_MEMORY', { doc: 'Most memory that the relay may take.', schema: memory, default: '512m' }),
  appliance('COTURN_MEMORY', {
    doc: 'Most memory that the TURN server may take.',
    schema: memory,
    default: '256m',
  }),
  appliance('CADDY_MEMORY', { doc: 'Most memory that Caddy may take.', schema: memory, default: '256m' }),
  appliance('TOR_MEMORY', {
    doc: 'Most memory that the onion service may take.',
    schema: memory,
    default: '256m',
  }),
  appliance('POSTGRES_PORT', {
    doc: 'Port of this machine for the database, in compose/development.yml alone.',
    schema: integer(1, 65_535),
    default: '5432',
  }),
  appliance('COMPOSE_FILE', {
    doc: 'The compose files in use, between colons. `make up` sets it.',
    schema: z.string().min(1).optional(),
    example: 'docker-compose.yml:compose/tls.yml',
  }),
  appliance('COMPOSE_PROJECT_NAME', {
    doc: 'Another name than relay for the project, and with it for its volumes. Change it before the first start alone.',
    schema: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]*$/, 'it must be of small letters, digits, _ and -')
      .optional(),
    example: 'relay',
  }),
];
