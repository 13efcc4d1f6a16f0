import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { PostgresError } from './errors.ts';

/**
 * Binds a TCP port of 127.0.0.1 for a moment.
 *
 * @param wanted - the port, or 0 for any free one
 * @returns the port, free a moment ago
 * @throws PostgresError `port_taken`, naming the port
 */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(wanted, '127.0.0.1');
    await once(probe, 'listening');
  } catch (cause) {
    throw portTaken(wanted, cause);
  }
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : wanted;
}

const given = new Set<number>();

/**
 * A TCP port of 127.0.0.1 for a server that starts later, or again: below those that systems give out by themselves, so that nobody gets it meanwhile.
 *
 * @returns between 11,000 and 19,999, another one each time
 */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = randomInt(11_000, 20_000);
    if (given.has(port)) continue;
    given.add(port);
    try {
      return await freePort(port);
    } catch {
      // Somebody has it.
    }
  }
}

/** The error for a port that another program listens on. */
export function portTaken(port: number, cause?: unknown): PostgresError {
  return new PostgresError(
    'port_taken',
    `Port ${port} of 127.0.0.1 is taken; choose another for PostgreSQL.`,
    { cause },
  );
}
