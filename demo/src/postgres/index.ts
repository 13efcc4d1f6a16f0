/** A real PostgreSQL on this machine without Docker or root: for the demonstration, the tests and the bench. */
export { dataDirFor } from './cluster.ts';
export { createDatabase, dropDatabase } from './databases.ts';
export { PostgresError, type PostgresErrorCode } from './errors.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './server.ts';
