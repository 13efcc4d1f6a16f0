import type { Rotation, SecretStatus, SecretsStatus } from '../services/turn-secrets.ts';
import { durationText, timeText } from './duration.ts';
import { counted, table } from './table.ts';

/** A rotation as `--json` prints it. */
export function rotatedJson({ mintFrom, previousDies, alive }: Rotation) {
  return {
    mintFrom: timeText(mintFrom),
    previousDies: previousDies === undefined ? null : timeText(previousDies),
    alive,
  };
}

/** What `turn rotate` prints. */
export function rotatedText({ now, mintFrom, previousDies, alive }: Rotation): string {
  const next = `New credentials come from the new secret from ${timeText(mintFrom)} on, in ${durationText(mintFrom - now)}.\n`;
  if (previousDies === undefined) return next;
  const others =
    alive > 2
      ? `Still older ones die by then too; ${counted(alive, 'secret')} are accepted until they do.\n`
      : '';
  return (
    `${next}The secret before it dies at ${timeText(previousDies)}, in ${durationText(previousDies - now)}; ` +
    `what was made with it works until it expires. Calls go on.\n${others}`
  );
}

/** The secrets as `--json` prints them. */
export function statusJson({ now, secrets }: SecretsStatus) {
  return {
    alive: secrets.length,
    minting: mintingIn(secrets)?.generation,
    secrets: secrets.map(({ generation, state, mintFrom, dies }) => ({
      generation,
      state,
      mintFrom: timeText(mintFrom),
      ageSeconds: Math.max(0, now - mintFrom),
      dies: dies === undefined ? null : timeText(dies),
    })),
  };
}

/** What `turn status` prints. */
export function statusText({ now, secrets }: SecretsStatus): string {
  const minting = mintingIn(secrets);
  const which = `New credentials come from generation ${minting?.generation}.`;
  const rows = secrets.map(({ generation, state, mintFrom, dies }) => [
    String(generation),
    state,
    mintFrom > now ? `in ${durationText(mintFrom - now)}` : `${durationText(now - mintFrom)} ago`,
    dies === undefined ? 'after the next rotation' : `in ${durationText(dies - now)}`,
  ]);
  const alive = `${counted(secrets.length, 'secret is', 'secrets are')} alive.`;
  return `${alive} ${which}\n\n${table(['GENERATION', 'STATE', 'MINTS SINCE', 'DIES'], rows)}`;
}

function mintingIn(secrets: readonly SecretStatus[]): SecretStatus | undefined {
  return secrets.find(({ state }) => state === 'minting');
}
