import { loadConfig } from './config.ts';
import { applyGrants } from './database/grants.ts';
import { migrate } from './database/migrations.ts';
import { createLogger } from './log.ts';

const config = loadConfig(process.env);
const applied = await migrate(config.databaseUrl);
await applyGrants(config.databaseUrl);
createLogger('migrate', config.logLevel).info({ applied }, 'the database is up to date');
