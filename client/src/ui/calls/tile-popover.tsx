import type { Participant } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import type { Anchor, ReturnTo } from '../kit/menu.tsx';
import { OpenPopover } from '../kit/popover.tsx';
import { Slider } from '../kit/slider.tsx';
import { strings } from '../strings.ts';

const text = strings.tile;

function Facts({ participant }: { participant: Participant }) {
  const { presence, quality, muted, deafened, addedBy } = participant;
  const facts = [
    presence === 'connected' ? text[quality] : strings.presence[presence],
    muted && text.muted,
    deafened && text.deafened,
    addedBy && text.addedBy(addedBy.name),
  ];
  return <ul className="tile-facts">{facts.map((fact) => fact && <li key={fact}>{fact}</li>)}</ul>;
}

/** How it is with somebody in a call, how loud this member hears them, and whether they are shown large. */
export function TilePopover({
  participant,
  anchor,
  isPinned,
  onPin,
  onClose,
  returnTo,
}: {
  participant: Participant;
  anchor: Anchor;
  isPinned: boolean;
  onPin: ((pinned: boolean) => void) | undefined;
  onClose: () => void;
  returnTo: ReturnTo;
}) {
  const { setVolume } = useActions();
  const { contact, volume } = participant;
  return (
    <OpenPopover
      anchor={anchor}
      title={contact.name}
      testId="tile-popover"
      onClose={onClose}
      returnTo={returnTo}
    >
      <div className="tile-options">
        <Facts participant={participant} />
        <Slider
          label={text.volume}
          value={volume}
          words={text.percent(volume)}
          onChange={(value) => setVolume(contact.id, value)}
          testId="tile-volume"
        />
        {onPin && (
          <Button
            small
            icon={isPinned ? 'grid' : 'expand'}
            data-testid="tile-pin"
            onClick={() => {
              onPin(!isPinned);
              onClose();
            }}
          >
            {isPinned ? text.notLarge : text.large}
          </Button>
        )}
      </div>
    </OpenPopover>
  );
}
