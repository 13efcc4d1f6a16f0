import { useEffect, useRef, useState } from 'react';
import type { ActiveCall } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import type { CallLayout, StageTile } from './arrange.ts';
import { isInCall, mainTile } from './arrange.ts';

/** How this window shows the call it is in. */
export interface CallView {
  /** It covers the window; else it is small, beside the conversations. */
  isFull: boolean;
  setFull: (full: boolean) => void;
  layout: CallLayout;
  setLayout: (layout: CallLayout) => void;
  /** Key of the tile that was chosen to be large. */
  pinned: string | undefined;
  setPinned: (key: string | undefined) => void;
  /** Who or what is shown where there is room for one. */
  main: StageTile | undefined;
}

/** Id of the one who spoke last; stays while nobody else speaks. */
function useLastSpeaker(): string | undefined {
  const last = useRef<string>(undefined);
  return useApp(({ self, calls }) => {
    const others = calls.speaking.filter((id) => id !== self?.id);
    if (last.current === undefined || !others.includes(last.current))
      last.current = others[0] ?? last.current;
    return last.current;
  });
}

/** Two people are shown one large and one small, more of them alike; and what is shared is large. */
function usualLayout({ participants }: ActiveCall): CallLayout {
  const others = participants.filter(({ isSelf }) => !isSelf);
  const present = others.filter(isInCall);
  const isPair = (present.length > 0 ? present : others).length <= 1;
  return isPair || present.some(({ hasScreen }) => hasScreen) ? 'speaker' : 'grid';
}

/** What a window remembers of how it shows a call. A new call fills the window. */
export function useCallView(): CallView {
  const call = useApp((state) => state.calls.active);
  const id = call?.id;
  const [small, setSmall] = useState<string>();
  const [layout, setLayout] = useState<CallLayout>();
  const [pinned, setPinned] = useState<string>();
  const speaker = useLastSpeaker();

  // biome-ignore lint/correctness/useExhaustiveDependencies: each call begins anew.
  useEffect(() => {
    setLayout(undefined);
    setPinned(undefined);
  }, [id]);
  const isShared = call?.participants.some(({ isSelf, hasScreen }) => hasScreen && !isSelf) ?? false;
  useEffect(() => {
    if (isShared) setLayout(undefined);
  }, [isShared]);

  return {
    isFull: id !== undefined && small !== id,
    setFull: (full) => setSmall(full ? undefined : id),
    layout: layout ?? (call === undefined ? 'grid' : usualLayout(call)),
    setLayout,
    pinned,
    setPinned: (key) => {
      setPinned(key);
      if (key !== undefined) setLayout('speaker');
    },
    main: call && mainTile(call, { pinned, speaker }),
  };
}
