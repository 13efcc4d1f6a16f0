import { useState } from 'react';
import { useActions } from '../context.tsx';
import { strings } from '../strings.ts';

/** An identity is under 50 KB; what is larger than this is not even read. Bytes. */
const MAX_BYTES = 1_048_576;

/** Reads a file that was dropped or picked, and gives it to the state. */
export interface IdentityFile {
  take: (files: FileList | null) => Promise<void>;
  /** Why the last one was not even read. */
  complaint: string | undefined;
}

/** {@link IdentityFile} for one screen. */
export function useIdentityFile(): IdentityFile {
  const { openIdentity } = useActions();
  const [complaint, setComplaint] = useState<string>();
  const take = async (files: FileList | null) => {
    const file = files?.[0];
    if (files === null || file === undefined) return;
    if (files.length > 1) return setComplaint(strings.identity.oneFile);
    if (file.size > MAX_BYTES) return setComplaint(strings.identity.tooLarge);
    const bytes = await file.arrayBuffer().catch(() => undefined);
    if (bytes === undefined) return setComplaint(strings.identity.unreadable);
    setComplaint(undefined);
    await openIdentity({ file: new Uint8Array(bytes) });
  };
  return { take, complaint };
}
