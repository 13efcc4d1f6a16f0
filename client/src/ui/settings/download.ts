/** Milliseconds until a browser has certainly begun to read what it saves. */
const READ_BY = 10_000;

/**
 * Hands bytes to the browser to save under a name, through an object URL that is revoked soon after.
 * @param name of the file
 */
export function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), READ_BY);
}
