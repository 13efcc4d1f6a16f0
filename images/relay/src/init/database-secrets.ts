/** The passwords of the database's roles, each kept twice: for the database, and in the URL of who logs in. */

/** What is there of one role: texts of its two files. */
export interface FoundSecrets {
  password: string | undefined;
  url: string | undefined;
}

/** What must be there. */
export interface RoleSecrets {
  /** 64 hexadecimal digits. */
  password: string;
  /** `postgres://relay_ROLE:PASSWORD@postgres:5432/relay` */
  url: string;
}

/** Names of the two files, for messages. */
export type SecretNames = { readonly [K in keyof FoundSecrets]: string };

/** Secrets that cannot be used. Its message says what to do, and shows none of them. */
export class InitFault extends Error {
  override readonly name = 'InitFault';
}

const PASSWORD = /^([0-9a-f]{64})\n?$/;

/** How a file is removed and made again. The database takes a new password when it starts. */
const again = (name: string) =>
  `Nothing was changed. To have it made again: docker compose run --rm init rm /secrets/${name} && docker compose up -d --force-recreate`;

/**
 * Completes the secrets of one role. Each file can be made from the other; only where both are missing is there a new password,
 * which the database takes at its next start.
 * @param role name in the database
 * @param fresh makes a new password, 64 hexadecimal digits
 * @throws InitFault when one is damaged, or they do not agree
 */
export function completeSecrets(
  role: string,
  found: FoundSecrets,
  names: SecretNames,
  fresh: () => string,
): RoleSecrets {
  const url = new RegExp(`^postgres://${role}:([0-9a-f]{64})@postgres:5432/relay\n?$`);
  const inFile = read(found.password, PASSWORD, names.password);
  const inUrl = read(found.url, url, names.url);
  if (inFile !== undefined && inUrl !== undefined && inFile !== inUrl) {
    throw new InitFault(
      `${names.url} has another password than ${names.password}, from which it can be made. ${again(names.url)}`,
    );
  }
  const password = inFile ?? inUrl ?? fresh();
  return { password, url: `postgres://${role}:${password}@postgres:5432/relay` };
}

function read(text: string | undefined, pattern: RegExp, name: string): string | undefined {
  if (text === undefined) return undefined;
  const [, password] = pattern.exec(text) ?? [];
  if (password === undefined) {
    throw new InitFault(`${name} is damaged. ${again(name)}`);
  }
  return password;
}
