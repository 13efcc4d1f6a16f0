// Usage: node tests/soak/main.ts [--minutes 60] [--seed N] [--members 20] [--pace MILLISECONDS] [--write]
// Lets a circle work over a real relay, worker, PostgreSQL and coturn, and ends with a table; exit code 1 when anything failed.
import { silenceExperimentalWarnings } from '@relay/demo/parts';

silenceExperimentalWarnings();
const { readOptions } = await import('./options.ts');
const { formatReport, hasFailed, writeReport } = await import('./report.ts');
const { soak } = await import('./soak.ts');

const options = readOptions(process.argv.slice(2));
const { minutes, seed, members } = options;
console.log(`soak: ${members} members, ${minutes} minutes, seed ${seed}`);
const { lines, trends } = await soak(options, (text) => console.log(text));
const title = `\`make soak MINUTES=${minutes} SEED=${seed}\`: ${members} members over relay, worker, PostgreSQL and coturn.`;
const report = formatReport(title, lines, trends);
console.log(`\n${report}`);
const failed = lines.some(hasFailed) || trends.some(({ isFlat }) => !isFlat);
if (options.write) writeReport(new URL('../../docs/security.md', import.meta.url).pathname, report);
console.log(failed ? '\nFAILED' : '\nok');
// Media that are not there leave timers behind.
process.exit(failed ? 1 : 0);
