import { useCallback, useState } from 'react';

/** A file that was chosen and not sent yet. */
export interface ChosenFile {
  key: string;
  file: File;
}

/** What is being written in one conversation. It lives in memory alone. */
export interface Draft {
  text: string;
  files: readonly ChosenFile[];
  /** Key of the message that is answered. */
  reply?: string | undefined;
  /** An own message that is being changed, and its text so far; `text` waits meanwhile. */
  edit?: { key: string; text: string } | undefined;
}

/** Changes a draft. */
export type ChangeDraft = (change: (draft: Draft) => Draft) => void;

const EMPTY: Draft = { text: '', files: [] };

/** The drafts of all conversations, by id. */
export function useDrafts(): {
  draftOf: (id: string) => Draft;
  changeDraft: (id: string, change: (draft: Draft) => Draft) => void;
} {
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const changeDraft = useCallback(
    (id: string, change: (draft: Draft) => Draft) =>
      setDrafts((all) => ({ ...all, [id]: change(all[id] ?? EMPTY) })),
    [],
  );
  return { draftOf: (id) => drafts[id] ?? EMPTY, changeDraft };
}

/** Files with keys that are told apart, however often the same file is chosen. */
export function chosenFiles(files: readonly File[]): ChosenFile[] {
  return files.map((file) => ({ key: crypto.randomUUID(), file }));
}
