import { applyGrants } from './database/grants.ts';
import { migrate } from './database/migrations.ts';
import { createLogger, describeFault } from './log.ts';
import { readConfig } from './run.ts';

const config = readConfig();
const log = createLogger('migrate', config.logLevel);
try {
  const applied = await migrate(config.databaseUrl);
  await applyGrants(config.databaseUrl);
  log.info({ applied }, 'the database is up to date');
} catch (error) {
  const description = describeFault(error);
  // Errors of the database and the system have a code, and may quote values; the others are sentences of migrations.ts.
  const reason = description.code === undefined && error instanceof Error ? { reason: error.message } : {};
  log.fatal({ ...description, ...reason }, 'the database could not be brought up to date');
  process.exitCode = 1;
}
