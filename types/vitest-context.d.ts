import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * URL of the superuser's `postgres` database on the run's one PostgreSQL server. Only the `integration` and
     * `e2e` projects have it; every test file makes databases of its own there with `createDatabase`.
     */
    postgresUrl: string;
  }
}
