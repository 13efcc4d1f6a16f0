/** The path at which the development server gives a member's own identity file to its own page. */
const IDENTITY_PATH = '/identity/identity.bin';

/**
 * Reads `public/identity/identity.bin` from the server this page came from, where there is one.
 * @returns undefined when the server has none, or is no development server
 */
export async function fetchOwnIdentity(fetcher: typeof fetch = fetch): Promise<Uint8Array | undefined> {
  try {
    const response = await fetcher(IDENTITY_PATH, {
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
    if (
      response.status !== 200 ||
      !response.headers.get('content-type')?.startsWith('application/octet-stream')
    )
      return undefined;
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}
