import type { RotationCause } from '@relay/server/turn';
import { requireSecretsFile } from './turn-secrets.ts';

/** The new secrets that are remembered. */
export interface TurnHistory {
  /** Oldest first. Days from the Unix epoch, UTC. */
  rotations: readonly { day: number; cause: RotationCause }[];
  /** How many are remembered at most. */
  kept: number;
}

/**
 * When there were new TURN secrets, by day, and why.
 * @throws UserFault `turn_secrets`; an error of the file system
 */
export async function turnHistory(path: string | undefined): Promise<TurnHistory> {
  const file = requireSecretsFile(path);
  const { HISTORY_LENGTH, readHistory } = await import('@relay/server/turn');
  return { rotations: await readHistory(file), kept: HISTORY_LENGTH };
}
