import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * URL of the superuser's `postgres` database on the run's one PostgreSQL server. Only the `integration` and
     * `e2e` projects have it; every test file makes databases of its own there with `createDatabase`.
     */
    postgresUrl: string;
    /** The running appliance; only in the project `appliance`. */
    appliance: { folder: string; project: string; env: Readonly<Record<string, string>> };
    /** The circle that it was seeded with: the allowlist, and the identity files in base64. */
    circle: { seed: string; files: string[] };
  }
}
