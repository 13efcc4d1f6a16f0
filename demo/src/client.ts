import { join } from 'node:path';
import type { Child, Processes } from './processes.ts';
import { PROJECT } from './settings.ts';
import { untilReady } from './until.ts';

/** The folder of the web client. */
export const CLIENT = join(PROJECT, 'client');

/** How a member's page is served. */
export interface ClientOptions {
  /** A word that tells it from others; names its log and cache. */
  name: string;
  port: number;
  /** The relay's origin. */
  apiUrl: string;
  /** The identity that its page gets; one that does not exist leaves the choice to the visitor. */
  identityFile: string;
  /** Folder for the caches of the development servers. */
  caches: string;
  /** Bounds of the delay of the sent log (SPEC.md §10); the client's own when not given. */
  sentLogMinutes?: string;
  /** Does not follow changes of the client's sources. */
  still?: boolean;
}

/** The address of the page on a port. */
export function pageUrl(port: number): string {
  return `http://localhost:${port}`;
}

/** Starts a development server of the web client; resolves when its page answers. */
export async function startClient(processes: Processes, options: ClientOptions): Promise<Child> {
  const { name, port, apiUrl, identityFile, caches, sentLogMinutes, still = false } = options;
  const client = processes.start({
    name,
    program: process.execPath,
    args: [join(import.meta.dirname, 'client-server.ts'), join(caches, name), ...(still ? ['still'] : [])],
    env: {
      PORT: String(port),
      RELAY_IDENTITY_FILE: identityFile,
      VITE_API_URL: apiUrl,
      ...(sentLogMinutes === undefined ? {} : { VITE_SENT_LOG_MINUTES: sentLogMinutes }),
    },
    cwd: CLIENT,
  });
  await untilReady(client, async () => (await fetch(pageUrl(port))).ok);
  return client;
}
