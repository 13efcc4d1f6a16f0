import type { MigrationState } from '@relay/server/admin';
import type { SecretsStatus } from '../services/turn-secrets.ts';
import type { TurnCheck } from '../turn-test/index.ts';
import type { HostFacts } from './host-facts.ts';

/** Something that was looked at, or why it could not be, in a sentence. */
export type Seen<T> = ({ fault?: undefined } & T) | { fault: string };

/** What is known of the database. */
export interface DatabaseFacts {
  migrations: MigrationState;
  members: number;
  /** Alive. */
  blobs: number;
  /** Expired, and not yet removed by the worker. */
  expired: number;
  /** On disk. */
  bytes: number;
  /** Blobs of the day of expiry that has most of them. */
  busiestDay: number;
}

/** A certificate as a server shows it. */
export interface CertificateFacts {
  /** Unix seconds. */
  validFrom: number;
  /** Unix seconds. */
  validTo: number;
  /** Why this machine does not trust it, a code of Node; undefined where it does. */
  distrust: string | undefined;
}

/** What came of asking an origin whether the relay is ready. */
export interface ApiFacts {
  /** `https://relay.example.org` */
  origin: string;
  /** What it answered; undefined where nothing came. */
  status: number | undefined;
  /** Why nothing came, a code of the system or words. */
  problem?: string;
  certificate?: CertificateFacts;
}

/** What came of testing the TURN server. */
export interface TurnFacts {
  host: string;
  checks: readonly TurnCheck[];
  /** What its TLS port shows; undefined where it has none or did not answer. */
  certificate?: CertificateFacts;
}

/** All that the findings are made of. Times are Unix seconds. */
export interface Facts {
  now: number;
  /** What the host half gathered; undefined where relay-admin runs alone. */
  host: HostFacts | undefined;
  /** The settings in force, by the names they have in `.env`. */
  settings: Readonly<Record<string, string | undefined>>;
  database: Seen<DatabaseFacts>;
  turnSecrets: Seen<SecretsStatus>;
  /** The relay itself, past every proxy; undefined where nobody said where it is. */
  relay: ApiFacts | undefined;
  /** The origins that members dial. */
  origins: readonly ApiFacts[];
  /** Whether the relay takes the web origins of the settings, as far as it answers. */
  webOrigins: readonly { origin: string; accepted: boolean }[];
  turn: Seen<TurnFacts>;
}
