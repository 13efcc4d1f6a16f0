// Usage: node tests/screens/main.ts
// Takes the pictures in docs/screens: a small circle talks over a real relay, and Chromium looks at the real client.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { silenceExperimentalWarnings } from '@relay/demo/parts';
import { startPostgres } from '@relay/demo/postgres';
import { startCallBrowser } from '../support/browser.ts';
import { pictureWithPlace } from '../support/pictures.ts';
import { startStack } from '../support/stack.ts';
import { takeCalls } from './call-pictures.ts';
import {
  takeAbsence,
  takeDialogues,
  takeFiles,
  takeGroup,
  takeLoading,
  takeRoster,
  takeSearch,
} from './circle-pictures.ts';
import { tellGroupStory } from './group-story.ts';
import { takeConversations, takeIdentity, takeOffline, takePhone, takeTwoWindows } from './pictures.ts';
import { LABELS, tellStory } from './story.ts';

silenceExperimentalWarnings();

const ROOT = resolve(import.meta.dirname, '../..');

/** A time zone in which it is about eleven in the morning, so that the talk has a plausible hour whenever this runs. */
function morning(now: Date): string {
  const ahead = ((11 - now.getUTCHours() + 36) % 24) - 12;
  // These names count westwards.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

const missing = spawnSync('sh', [join(ROOT, 'scripts/system-packages.sh'), 'chromium', 'coturn'], {
  stdio: 'inherit',
});
if (missing.status !== 0) process.exit(1);

const folder = join(ROOT, 'docs/screens');
mkdirSync(folder, { recursive: true });
const dataDir = mkdtempSync('/var/tmp/relay-screens-');
const postgres = await startPostgres({ dataDir });
const browser = await startCallBrowser();
const stack = await startStack(
  postgres.url,
  LABELS,
  { ada: { member: 1 }, bruno: { member: 2 }, anybody: {} },
  { turnTtlSeconds: 3_600, tokensPerMemberPerDay: 100_000 },
);
try {
  await tellStory(stack, Date.now());
  const easel = await browser.newPage();
  await tellGroupStory(stack, await pictureWithPlace(easel));
  await easel.close();
  const studio = { browser, stack, folder, timezoneId: morning(new Date()) };
  for (const take of [
    takeIdentity,
    takeConversations,
    takePhone,
    takeOffline,
    takeTwoWindows,
    takeCalls,
    takeGroup,
    takeFiles,
    takeDialogues,
    takeSearch,
    takeAbsence,
    takeLoading,
    takeRoster,
  ]) {
    await take(studio);
    console.log(`${take.name} done`);
  }
  console.log(`The pictures are in ${folder}.`);
} finally {
  await browser.close();
  await stack.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
