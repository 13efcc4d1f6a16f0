import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 5_000;
const SWEEP_MS = 50;

/** Stops accepting connections and waits for the requests under way, at most five seconds. */
export async function closeServer(server: Server): Promise<void> {
  let isClosed = false;
  server.close(() => {
    isClosed = true;
  });
  // A connection that is kept alive becomes idle only after its request.
  for (let waited = 0; !isClosed && waited < GRACE_MS; waited += SWEEP_MS) {
    server.closeIdleConnections();
    await sleep(SWEEP_MS);
  }
  server.closeAllConnections();
}
