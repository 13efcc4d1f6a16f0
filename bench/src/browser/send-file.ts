import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import type { BarePage } from './devtools.ts';

const MB = 1_000_000;

const ARRIVED = '[data-testid=message][data-delivery=sent] [data-testid=file]';
const FAILED = '[data-testid=upload][data-phase=failed], [data-testid=upload][data-phase=unfinished]';

/** Writes a file of so many megabytes (10⁶ bytes) that nothing compresses. */
export function makeFile(path: string, megabytes: number): void {
  writeFileSync(path, '');
  for (let i = 0; i < megabytes; i++) appendFileSync(path, randomBytes(MB));
}

/** Opens the conversation with a member, once all is read. */
export async function openThread(page: BarePage, number: number): Promise<void> {
  await page.waitFor('[data-testid=connection][data-status=online]');
  await page.click(`[data-testid=conversation-${number}]`);
  await page.waitFor('[data-testid=file-input]');
}

/**
 * Sends a file as a person does, in a conversation that holds no other.
 * @returns milliseconds from the send button until the relay has all of it and its message
 * @throws Error when the upload fails
 */
export async function sendFile(page: BarePage, path: string): Promise<number> {
  await page.chooseFile('[data-testid=file-input]', path);
  await page.waitFor('[data-testid=file-tray]');
  const began = performance.now();
  await page.click('[data-testid=send]');
  await page.waitFor(`${ARRIVED}, ${FAILED}`);
  const milliseconds = performance.now() - began;
  const fault = await page.evaluate((failed) => document.querySelector(failed)?.textContent, FAILED);
  if (fault) throw new Error(`the file was not sent: ${fault}`);
  return milliseconds;
}
