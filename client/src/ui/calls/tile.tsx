import { useRef, useState } from 'react';
import type { Participant } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { Avatar, tintOf } from '../kit/avatar.tsx';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { Spinner } from '../kit/spinner.tsx';
import { strings } from '../strings.ts';
import { isInCall } from './arrange.ts';
import { CallFault } from './call-fault.tsx';
import { StreamVideo } from './stream-video.tsx';
import { TilePopover } from './tile-popover.tsx';
import { useIsSpeaking } from './use-is-speaking.ts';
import { nameOf, presenceWords } from './words.ts';
import './tile.css';

const text = strings.tile;

/** `large` on the stage, `strip` beside it, `corner` above it. */
export type TilePlace = 'large' | 'strip' | 'corner';

/** What a picture of somebody needs. */
export interface TileProps {
  participant: Participant;
  place: TilePlace;
  /** It was chosen to be large. */
  isPinned?: boolean;
  /** Absent where choosing changes nothing. */
  onPin?: ((pinned: boolean) => void) | undefined;
}

/** What other parts of the page, and tests, find somebody by. */
export function tileData(participant: Participant) {
  return {
    'data-testid': 'tile',
    'data-member': participant.contact.number,
    'data-presence': participant.presence,
    'data-muted': participant.muted,
    'data-deafened': participant.deafened,
    'data-camera': participant.hasCamera,
    'data-screen': participant.hasScreen,
    'data-self': participant.isSelf,
  };
}

function tileWords(participant: Participant, isSpeaking: boolean): string {
  const { muted, deafened, quality } = participant;
  const said = [
    nameOf(participant),
    presenceWords(participant),
    muted && text.muted,
    deafened && text.deafened,
    isSpeaking && text.speaking,
    quality === 'poor' && text.poor,
  ];
  return said.filter(Boolean).join(', ');
}

function Waiting({ participant, isOver }: { participant: Participant; isOver: boolean }) {
  const words = presenceWords(participant);
  if (words === undefined || participant.isSelf || participant.fault) return null;
  return (
    <p className="tile-waiting" data-over={isOver}>
      {isInCall(participant) && <Spinner />}
      {words}
    </p>
  );
}

/** Name and marks at the lower edge. */
function Foot({ participant }: { participant: Participant }) {
  const { muted, deafened, quality, presence } = participant;
  return (
    <p className="tile-name" aria-hidden="true">
      {muted && <Icon name="mic-off" />}
      {deafened && <Icon name="headphones-off" />}
      <span>{nameOf(participant)}</span>
      {presence === 'connected' && (quality === 'poor' || quality === 'fair') && (
        <span className="tile-quality" data-quality={quality}>
          <Icon name="signal" />
        </span>
      )}
    </p>
  );
}

/** Somebody in a call: picture or initials, name, and how it is with them. */
export function Tile({ participant, place, isPinned = false, onPin }: TileProps) {
  const ownCamera = useApp((state) => state.calls.own.camera);
  const isSpeaking = useIsSpeaking(participant);
  const [open, setOpen] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const { contact, isSelf, hasCamera, fault } = participant;
  const camera = isSelf ? (ownCamera ?? participant.camera) : participant.camera;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      className="tile"
      role="group"
      aria-label={tileWords(participant, isSpeaking)}
      data-place={place}
      data-tint={tintOf(contact)}
      data-speaking={isSpeaking}
      {...tileData(participant)}
    >
      {hasCamera && camera ? (
        <>
          <StreamVideo stream={camera} mirrored={isSelf} />
          <Waiting participant={participant} isOver />
        </>
      ) : (
        <div className="tile-still">
          <Avatar contact={contact} size="xl" />
          <Waiting participant={participant} isOver={false} />
        </div>
      )}
      {fault && <CallFault fault={fault} title={strings.callFaults.person} />}
      <Foot participant={participant} />
      {!isSelf && place !== 'corner' && (
        <div className="tile-more">
          <IconButton
            ref={more}
            small
            icon="more"
            label={text.more(contact.name)}
            aria-expanded={open}
            data-testid="tile-more"
            onClick={() => setOpen(true)}
          />
        </div>
      )}
      {open && more.current && (
        <TilePopover
          participant={participant}
          anchor={more.current}
          isPinned={isPinned}
          onPin={onPin}
          onClose={() => setOpen(false)}
          returnTo={() => more.current}
        />
      )}
    </div>
  );
}

/** The screen that somebody shares. */
export function ScreenTile({ participant, place, isPinned = false, onPin }: TileProps) {
  const ownScreen = useApp((state) => state.calls.own.screen);
  const { contact, isSelf } = participant;
  const screen = isSelf ? (ownScreen ?? participant.screen) : participant.screen;
  const words = isSelf ? strings.call.ownScreen : strings.call.sharing(contact.name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      className="tile"
      role="group"
      aria-label={words}
      data-place={place}
      data-kind="screen"
      data-testid="tile-screen"
      data-member={contact.number}
    >
      {screen ? (
        <StreamVideo stream={screen} whole />
      ) : (
        <div className="tile-still">
          <Spinner />
        </div>
      )}
      <p className="tile-name" aria-hidden="true">
        <Icon name="screen" />
        <span>{words}</span>
      </p>
      {onPin && (
        <div className="tile-more">
          <IconButton
            small
            icon={isPinned ? 'grid' : 'expand'}
            label={isPinned ? text.notLarge : text.large}
            aria-pressed={isPinned}
            data-testid="tile-pin"
            onClick={() => onPin(!isPinned)}
          />
        </div>
      )}
    </div>
  );
}
