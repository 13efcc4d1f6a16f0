/** The secrets that relay and TURN server share, and how they follow each other (SPEC.md §13.1). Pure: time and randomness are given. */

/** One secret. Times are whole seconds from the Unix epoch. */
export interface TurnSecret {
  /** 64 hexadecimal digits, used as ASCII text. */
  readonly secret: string;
  /** From when on credentials are made with it. */
  readonly mintFrom: number;
  /** When the TURN server forgets it; undefined for the newest alone. */
  readonly dies: number | undefined;
}

/** All of them, oldest first; never empty. */
export type TurnSecrets = readonly [TurnSecret, ...TurnSecret[]];

/** What is wrong with the text of a secrets file. Its message names a line and no secret. */
export class SecretsFormatError extends Error {
  override readonly name = 'SecretsFormatError';
}

const HEADER = 'relay-turn-secrets 1';
const LINE = /^([0-9a-f]{64}) (\d{1,12}) (\d{1,12}|-)$/;

/** Seconds between a new secret's appearance and its use: the TURN server looks for new ones each second. */
export const SPREAD_SECONDS = 10;
/** Seconds that a secret lives beyond the life of credentials, whose ends are rounded up to a minute. */
export const ROUNDING_SECONDS = 60;

/**
 * Reads the text of a secrets file.
 * @throws SecretsFormatError
 */
export function parseSecrets(text: string): TurnSecrets {
  const [header, ...lines] = text.split('\n');
  if (header !== HEADER) throw new SecretsFormatError(`Line 1 is not "${HEADER}".`);
  if (lines.pop() !== '') throw new SecretsFormatError('The last line is cut.');
  const secrets = lines.map((line, i) => parseLine(line, i + 2));
  secrets.forEach(({ secret, mintFrom, dies }, i) => {
    const at = `Line ${i + 2}`;
    const [before, isLast] = [secrets[i - 1], i === secrets.length - 1];
    if (isLast !== (dies === undefined)) throw new SecretsFormatError(`${at}: only the last one has no end.`);
    if (before && before.mintFrom > mintFrom)
      throw new SecretsFormatError(`${at} is older than the one before.`);
    if (secrets.findIndex((other) => other.secret === secret) < i) {
      throw new SecretsFormatError(`${at} repeats an earlier one.`);
    }
  });
  if (!isFilled(secrets)) throw new SecretsFormatError('It holds no secret.');
  return secrets;
}

/** The text of a secrets file. */
export function formatSecrets(secrets: TurnSecrets): string {
  const lines = secrets.map(({ secret, mintFrom, dies }) => `${secret} ${mintFrom} ${dies ?? '-'}`);
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** The first secret of all, used at once. */
export function firstSecrets(fresh: string, now: number): TurnSecrets {
  return [{ secret: fresh, mintFrom: now, dies: undefined }];
}

/**
 * Adds a secret, which will be used in ten seconds, and lets the newest until then die after the last credential made with it.
 * Those whose end has come are left out.
 * @param fresh 64 hexadecimal digits from a CSPRNG
 * @param ttl life of a credential, in seconds
 * @param now seconds from the Unix epoch
 */
export function addSecret(secrets: TurnSecrets, fresh: string, ttl: number, now: number): TurnSecrets {
  const newest = newestOf(secrets);
  // A clock that was set back puts the newest into the future; order stays.
  const mintFrom = Math.max(now + SPREAD_SECONDS, newest.mintFrom);
  const ended = { ...newest, dies: mintFrom + ttl + ROUNDING_SECONDS };
  const older = secrets.slice(0, -1).filter((secret) => isAlive(secret, now));
  return [...older, ended, { secret: fresh, mintFrom, dies: undefined }] as unknown as TurnSecrets;
}

/** Leaves out those whose end has come. */
export function withoutDead(secrets: TurnSecrets, now: number): TurnSecrets {
  // The newest has no end, so something stays.
  return secrets.filter((secret) => isAlive(secret, now)) as unknown as TurnSecrets;
}

/** The secret to make credentials with: the newest whose time has come, or the oldest where a clock was set back before all. */
export function mintingSecret(secrets: TurnSecrets, now: number): TurnSecret {
  const alive = withoutDead(secrets, now);
  return alive.findLast(({ mintFrom }) => mintFrom <= now) ?? alive[0];
}

/** The newest of all, also while its time has not come. */
export function newestOf(secrets: TurnSecrets): TurnSecret {
  return secrets.at(-1) ?? secrets[0];
}

function isAlive({ dies }: TurnSecret, now: number): boolean {
  return dies === undefined || dies > now;
}

function parseLine(line: string, number: number): TurnSecret {
  const [, secret, mintFrom, dies] = LINE.exec(line) ?? [];
  if (secret === undefined) {
    throw new SecretsFormatError(`Line ${number} is not "<64 hexadecimal digits> <mint-from> <dies or ->".`);
  }
  return { secret, mintFrom: Number(mintFrom), dies: dies === '-' ? undefined : Number(dies) };
}

function isFilled(secrets: TurnSecret[]): secrets is [TurnSecret, ...TurnSecret[]] {
  return secrets.length > 0;
}
