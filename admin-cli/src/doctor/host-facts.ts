/**
 * What only the host can see (scripts/appliance/doctor.sh gathers it), as lines of `name=value`. A name may come again. Names that are not
 * known are passed over, so that a newer host half may say more.
 */
import { UserFault } from '../faults.ts';

/** A service of the appliance. */
export interface ServiceFacts {
  name: string;
  /** As Docker says: `running`, `exited`, `restarting`; `absent` where it has no container. */
  state: string;
  /** `healthy`, `unhealthy`, `starting`, or `-` where it has no check. */
  health: string;
  exitCode: number;
  restarts: number;
  /** Whether the kernel ended it for want of memory. */
  outOfMemory: boolean;
}

/** A port that something listens on, or is to. */
export interface PortFacts {
  protocol: string;
  address: string;
  port: number;
}

/** A file that holds a secret, as `stat` describes it. */
export interface SecretFileFacts {
  /** Below the volumes, `relay/database-url`. */
  path: string;
  /** Octal, `400`. */
  mode: string;
  uid: number;
  gid: number;
  /** Unix seconds. */
  modified: number;
}

/** What the host half said. What it could not see is undefined or empty. */
export interface HostFacts {
  engine: string | undefined;
  compose: string | undefined;
  memoryBytes: number | undefined;
  services: readonly ServiceFacts[];
  missingVolumes: readonly string[];
  disk: { place: string; freeBytes: number; totalBytes: number; freeInodes: number | undefined } | undefined;
  isClockSynchronised: boolean | undefined;
  address4: string | undefined;
  address6: string | undefined;
  /** Addresses that the domain resolves to. */
  resolved: readonly string[];
  /** Ports that services are to have. */
  expectedPorts: readonly (PortFacts & { service: string })[];
  /** Undefined where the host has no means to see them. */
  listeners: readonly (PortFacts & { program: string | undefined })[] | undefined;
  coturn: string | undefined;
  settings: Readonly<Record<string, string>>;
  /** Undefined where they could not be looked at. */
  secrets: readonly SecretFileFacts[] | undefined;
}

/** First line of the text. */
export const HOST_FACTS_HEADER = 'relay-host-facts 1';
/** No host half says more than this. */
export const HOST_FACTS_LIMIT = 262_144;
const LONGEST = 400;
const KIB = 1_024;

/**
 * Reads what the host half said.
 * @throws UserFault `file_unusable` for another text
 */
export function parseHostFacts(text: string): HostFacts {
  const [header, ...lines] = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (header !== HOST_FACTS_HEADER) {
    throw new UserFault(
      'file_unusable',
      `These are not facts of the host: the first line is not "${HOST_FACTS_HEADER}". Run: make doctor`,
    );
  }
  const said = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z0-9_.]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    said.set(name, [...(said.get(name) ?? []), plain(value)]);
  }
  const all = (name: string) => said.get(name) ?? [];
  const one = (name: string) => all(name).at(-1) || undefined;
  return {
    engine: one('engine'),
    compose: one('compose'),
    memoryBytes: numberOf(one('memory')),
    services: all('service').flatMap(serviceOf),
    missingVolumes: all('missing_volume'),
    disk: diskOf(one('disk'), one('inodes')),
    isClockSynchronised: { yes: true, no: false }[one('clock') ?? ''],
    address4: one('address4'),
    address6: one('address6'),
    resolved: all('resolved'),
    expectedPorts: all('expected_port').flatMap((value) => {
      const [service = '', ...rest] = value.split(' ');
      return portOf(rest).map((port) => ({ service, ...port }));
    }),
    listeners: said.has('listeners_seen')
      ? all('listener').flatMap((value) => {
          const words = value.split(' ');
          return portOf(words).map((port) => ({ ...port, program: words[3] || undefined }));
        })
      : undefined,
    coturn: one('coturn'),
    settings: Object.fromEntries(
      [...said].flatMap(([name, values]) =>
        name.startsWith('set.') ? [[name.slice('set.'.length), values.at(-1) ?? '']] : [],
      ),
    ),
    secrets: said.has('secrets_seen') ? all('secret').flatMap(secretOf) : undefined,
  };
}

/** Nothing that would move a terminal's cursor, and no more than a person reads. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '').slice(0, LONGEST);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function serviceOf(value: string): ServiceFacts[] {
  const [name, state, health = '-', exitCode, restarts, oom] = value.split(' ');
  if (name === undefined || state === undefined) return [];
  return [
    {
      name,
      state,
      health,
      exitCode: numberOf(exitCode) ?? 0,
      restarts: numberOf(restarts) ?? 0,
      outOfMemory: oom === 'true',
    },
  ];
}

function diskOf(value: string | undefined, inodes: string | undefined): HostFacts['disk'] {
  const [free, total, ...place] = value?.split(' ') ?? [];
  const [freeKib, totalKib] = [numberOf(free), numberOf(total)];
  if (freeKib === undefined || totalKib === undefined) return undefined;
  return {
    place: place.join(' '),
    freeBytes: freeKib * KIB,
    totalBytes: totalKib * KIB,
    freeInodes: numberOf(inodes),
  };
}

function portOf([protocol = '', address = '', port]: readonly string[]): PortFacts[] {
  const number = numberOf(port);
  return number === undefined || !/^(tcp|udp)$/.test(protocol) ? [] : [{ protocol, address, port: number }];
}

function secretOf(value: string): SecretFileFacts[] {
  const [mode, uid, gid, modified, ...path] = value.split(' ');
  const [owner, group, at] = [numberOf(uid), numberOf(gid), numberOf(modified)];
  if (mode === undefined || owner === undefined || group === undefined || at === undefined) return [];
  return [{ path: path.join(' '), mode, uid: owner, gid: group, modified: at }];
}
