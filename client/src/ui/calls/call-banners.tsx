import { useState } from 'react';
import type { Fault, KnownCall } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { namesOf } from '../conversations/names.ts';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { bannerTitle } from './words.ts';
import './call-banners.css';

const text = strings.banner;

function lead(call: KnownCall): string {
  if (call.isElsewhere) return text.elsewhere;
  if (call.wasIn) return text.was;
  return text.in(namesOf(call.inCall));
}

function CallBanner({ call }: { call: KnownCall }) {
  const conversations = useApp((state) => state.conversations);
  const { prepareJoin, answerCall } = useActions();
  const [fault, setFault] = useState<Fault>();
  const isOwn = call.isElsewhere || call.wasIn;
  const join = async () =>
    setFault(await (isOwn ? answerCall(call.id, false) : prepareJoin(call.id, call.camera)));
  const word = call.isElsewhere ? text.move : call.wasIn ? text.rejoin : text.join;
  return (
    <div className="banner call-banner" data-testid="call-banner" data-call={call.id}>
      <Icon name={call.camera ? 'video' : 'phone'} />
      <p>
        <strong>{bannerTitle(conversations, call)}.</strong> <span>{fault?.message ?? lead(call)}</span>
      </p>
      <Button small tone="primary" data-testid="call-join" onClick={join}>
        {word}
      </Button>
    </div>
  );
}

/** Calls that go on without this window: to join, to move here, or to go back into after a reload. */
export function CallBanners() {
  const known = useApp(({ calls }) => calls.known);
  const active = useApp(({ calls }) => calls.active);
  const inIt = active !== undefined && active.phase !== 'ended' ? active.id : undefined;
  return known
    .filter(({ id, phase }) => phase === 'ongoing' && id !== inIt)
    .map((call) => <CallBanner key={call.id} call={call} />);
}
