import { useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import type { ChangeDraft, ChosenFile, Draft } from '../use-drafts.ts';

/** Sends what a composer holds. */
export interface Sending {
  send: () => Promise<void>;
  /** Why the last thing was not taken. */
  fault: Fault | undefined;
  /** Files are being asked room for, or handed over. */
  busy: boolean;
}

/** {@link Sending} for one conversation. Files go first, then the text; an answer goes with the first of them. */
export function useSending(id: string, draft: Draft, onDraft: ChangeDraft): Sending {
  const { sendText, editText, sendFile, checkRoom } = useActions();
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const { edit, text, files } = draft;

  /** @returns why one of the files was not taken; those before it are gone from the draft */
  const sendFiles = async (): Promise<Fault | undefined> => {
    const full = await checkRoom(
      id,
      files.map(({ file }) => file.size),
    );
    if (full !== undefined) return full;
    for (const [place, chosen] of files.entries()) {
      const refused = await sendOne(chosen, place === 0 ? draft.reply : undefined);
      if (refused !== undefined) return refused;
      const { key } = chosen;
      onDraft((now) => ({ ...now, reply: undefined, files: now.files.filter((other) => other.key !== key) }));
    }
    return undefined;
  };
  const sendOne = ({ file }: ChosenFile, reply: string | undefined) => {
    const about = { name: file.name, type: file.type };
    return reply === undefined ? sendFile(id, file, about) : sendFile(id, file, about, { reply });
  };

  /** The room is free for the next message at once; a text that is not taken comes back, before what was written since. */
  const sendWords = async (reply: string | undefined): Promise<Fault | undefined> => {
    onDraft((now) => ({
      ...now,
      reply: undefined,
      text: now.text.startsWith(text) ? now.text.slice(text.length) : now.text,
    }));
    const refused = await (reply === undefined ? sendText(id, text) : sendText(id, text, { reply }));
    if (refused !== undefined)
      onDraft((now) => ({ ...now, reply, text: now.text === '' ? text : `${text}\n${now.text}` }));
    return refused;
  };

  /** The composer stays in edit mode until the change is taken. */
  const change = async (key: string, words: string): Promise<Fault | undefined> => {
    const refused = await editText(key, words);
    if (refused === undefined) onDraft((now) => ({ ...now, edit: undefined }));
    return refused;
  };

  const sendAll = async (): Promise<Fault | undefined> => {
    if (edit !== undefined) return change(edit.key, edit.text);
    const refused = files.length > 0 ? await sendFiles() : undefined;
    if (refused !== undefined || text.trim() === '') return refused;
    return sendWords(files.length > 0 ? undefined : draft.reply);
  };
  const send = async () => {
    if (busy) return;
    setBusy(files.length > 0 || edit !== undefined);
    setFault(await sendAll());
    setBusy(false);
  };
  return { send, fault, busy };
}
