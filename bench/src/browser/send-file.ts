import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const MB = 1_000_000;

/** Writes a file of so many megabytes (10⁶ bytes) that nothing compresses. */
export function makeFile(path: string, megabytes: number): void {
  writeFileSync(path, '');
  for (let i = 0; i < megabytes; i++) appendFileSync(path, randomBytes(MB));
}

/** Opens the conversation with the only other member, once all is read. */
export async function openThread(page: Page, number: number): Promise<void> {
  await page.locator('[data-testid=connection][data-status=online]').waitFor();
  await page.getByTestId(`conversation-${number}`).click();
}

/**
 * Sends a file as a person does.
 * @returns milliseconds from the send button until the relay has all of it and its message
 */
export async function sendFile(page: Page, path: string): Promise<number> {
  const before = await page.getByTestId('file').count();
  await page.getByTestId('file-input').setInputFiles(path);
  await page.getByTestId('file-tray').waitFor();
  const began = performance.now();
  await page.getByTestId('send').click();
  await page.getByTestId('file').nth(before).waitFor();
  await page.locator('[data-testid=message][data-delivery=sent]').nth(before).waitFor();
  return performance.now() - began;
}
