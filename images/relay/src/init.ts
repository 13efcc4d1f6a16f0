import { describeInitFault, describeMade, makeSecrets } from './init/make-secrets.ts';

const say = (lines: string[]) => process.stdout.write(lines.map((line) => `init: ${line}\n`).join(''));

try {
  say(describeMade(await makeSecrets('/secrets')));
} catch (error) {
  say(describeInitFault(error));
  process.exitCode = 1;
}
