import { randomBytes } from 'node:crypto';
import type { TurnCredential, TurnTransport } from '../turn/index.ts';
import { requireTurnError } from './advice.ts';
import type { TurnCheck } from './check.ts';
import { failed, held } from './check.ts';
import type { TurnTarget } from './target.ts';
import { credentialFor, withClient } from './target.ts';

const UNAUTHENTICATED = 401;
const EXPIRED_SECONDS = 3_600;

interface Stranger {
  name: string;
  credential: TurnCredential | undefined;
  advice: string;
}

function strangers(target: TurnTarget): Stranger[] {
  const open = 'Stop coturn: anybody can relay through it. It must run with use-auth-secret.';
  return [
    { name: 'refuses no credential', credential: undefined, advice: open },
    {
      name: 'refuses a wrong secret',
      credential: credentialFor(target, randomBytes(32).toString('hex')),
      advice: open,
    },
    {
      name: 'refuses an expired credential',
      credential: credentialFor(target, target.secrets.minting, -EXPIRED_SECONDS),
      advice:
        'Compare the clocks of coturn and this machine. Credentials must end, or old ones relay for ever.',
    },
  ];
}

/** Asks for allocations that the server must not give. */
export async function checkStrangers(target: TurnTarget, transport: TurnTransport): Promise<TurnCheck[]> {
  const checks: TurnCheck[] = [];
  for (const { name, credential, advice } of strangers(target)) {
    try {
      await withClient(target, transport, credential, (client) => client.allocate());
      checks.push(failed(name, 'The server granted an allocation.', advice));
    } catch (cause) {
      const error = requireTurnError(cause);
      checks.push(
        error.code === UNAUTHENTICATED
          ? held(name, error.message)
          : failed(name, `${error.message} Expected was 401.`, 'See the log of coturn (TURN_LOG=on).'),
      );
    }
  }
  return checks;
}

/** Whether each secret that is alive opens an allocation: members hold credentials of the older ones until they expire. */
export async function checkSecrets(target: TurnTarget, transport: TurnTransport): Promise<TurnCheck> {
  const name = 'accepts each secret alive';
  const { alive } = target.secrets;
  let refused = 0;
  for (const secret of alive) {
    try {
      await withClient(target, transport, credentialFor(target, secret), (client) => client.allocate());
    } catch (cause) {
      requireTurnError(cause);
      refused++;
    }
  }
  const counts = `${alive.length - refused} of ${alive.length} work.`;
  return refused === 0
    ? held(name, counts)
    : failed(
        name,
        counts,
        'coturn does not follow the file: see that it mounts it, and restart coturn. Calls go on meanwhile.',
      );
}
