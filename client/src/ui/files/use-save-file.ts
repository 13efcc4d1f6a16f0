import { useCallback } from 'react';
import { useActions } from '../context.tsx';
import { chooseSink } from './save.ts';

/** Saves the file of a message where its reader chooses; nothing when nobody chose. */
export function useSaveFile(): (messageKey: string, name: string) => Promise<void> {
  const { saveFile } = useActions();
  return useCallback(
    async (messageKey, name) => {
      const sink = await chooseSink(name);
      if (sink !== undefined) await saveFile(messageKey, sink);
    },
    [saveFile],
  );
}
