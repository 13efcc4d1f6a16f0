import type { Participant } from '../../state/model.ts';
import { useApp } from '../context.tsx';

/** Whether somebody in the call is heard now. */
export function useIsSpeaking(participant: Participant | undefined): boolean {
  const id = participant?.contact.id;
  return useApp(({ calls }) => id !== undefined && calls.speaking.includes(id));
}
