import { useEffect, useRef, useState } from 'react';
import type { ActiveCall, Participant } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { strings } from '../strings.ts';
import { isInCall } from './arrange.ts';

const text = strings.callNews;

function newsOf(before: Participant | undefined, now: Participant): string | undefined {
  const { name } = now.contact;
  if (before === undefined) return now.addedBy && text.added(now.addedBy.name, name);
  if (!isInCall(before) && isInCall(now)) return text.joined(name);
  if (before.presence !== now.presence && now.presence === 'left') return text.left(name);
  if (before.presence !== now.presence && now.presence === 'declined') return text.declined(name);
  if (!before.hasScreen && now.hasScreen) return text.shares(name);
  return undefined;
}

/**
 * What is worth saying of what happened in a call.
 * @param before of the same call
 */
export function callNews(before: ActiveCall, now: ActiveCall): string[] {
  const known = new Map(before.participants.map((one) => [one.contact.id, one]));
  const news = now.participants
    .filter(({ isSelf }) => !isSelf)
    .map((one) => newsOf(known.get(one.contact.id), one))
    .filter((words) => words !== undefined);
  if (before.isCameraAllowed && !now.isCameraAllowed) news.push(strings.call.cameraCap);
  if (before.phase === 'ongoing' && now.phase === 'reconnecting') news.push(text.broke);
  if (before.phase === 'reconnecting' && now.phase === 'ongoing') news.push(text.mended);
  return news;
}

/** Tells a screen reader what happens in the call, without getting in the way of who speaks. */
export function CallAnnouncer() {
  const call = useApp(({ calls }) => calls.active);
  const muted = useApp(({ calls }) => calls.own.muted);
  const before = useRef<{ call: ActiveCall | undefined; muted: boolean }>(undefined);
  const [words, setWords] = useState('');
  useEffect(() => {
    const last = before.current;
    before.current = { call, muted };
    if (call === undefined || last?.call?.id !== call.id) return;
    const news = callNews(last.call, call);
    if (last.muted !== muted) news.push(muted ? text.muted : text.unmuted);
    if (news.length > 0) setWords(news.join('. '));
  }, [call, muted]);
  return (
    <p className="visually-hidden" aria-live="polite" data-testid="call-news">
      {words}
    </p>
  );
}
