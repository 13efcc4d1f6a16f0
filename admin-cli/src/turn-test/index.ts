import type { TurnTransport } from '../turn/index.ts';
import type { TurnCheck } from './check.ts';
import { skipped } from './check.ts';
import { checkPeers } from './peer-refusals.ts';
import { checkReach } from './reach.ts';
import { checkSecrets, checkStrangers } from './refusals.ts';
import type { TurnTarget } from './target.ts';

export type { TurnCheck } from './check.ts';
export { FORBIDDEN_PEERS } from './peers.ts';
export type { TurnTarget } from './target.ts';

/**
 * Tests a TURN server from where this runs: allocations and media over each transport, the secrets, and what must be refused.
 * @param onCheck told of each check as soon as it is made
 * @returns all checks; the server is good when all held
 */
export async function testTurn(
  target: TurnTarget,
  onCheck: (check: TurnCheck) => void = () => {},
): Promise<TurnCheck[]> {
  const checks: TurnCheck[] = [];
  const tell = (...found: TurnCheck[]) => {
    checks.push(...found);
    for (const check of found) onCheck(check);
  };
  let through: TurnTransport | undefined;
  for (const transport of target.transports) {
    const reach = await checkReach(target, transport);
    if (reach.granted) through ??= transport;
    tell(...reach.checks);
  }
  if (through === undefined) {
    tell(skipped('refusals', 'Not tried, as no transport gave an allocation.'));
    return checks;
  }
  tell(await checkSecrets(target, through));
  tell(...(await checkStrangers(target, through)));
  tell(...(await checkPeers(target, through)));
  return checks;
}
