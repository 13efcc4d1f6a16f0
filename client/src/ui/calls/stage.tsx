import type { CSSProperties } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { ActiveCall } from '../../state/model.ts';
import { Avatar } from '../kit/avatar.tsx';
import { strings } from '../strings.ts';
import type { StageTile } from './arrange.ts';
import { arrange } from './arrange.ts';
import type { TileSize } from './grid.ts';
import { largestTiles } from './grid.ts';
import type { TilePlace } from './tile.tsx';
import { ScreenTile, Tile, tileData } from './tile.tsx';
import type { CallView } from './use-call-view.ts';
import './stage.css';

/** Between tiles. Pixels, as in the style sheet. */
const GAP = 12;

/** Room for tiles inside an element, kept up to date. Pixels. */
function useSpace() {
  const element = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState<TileSize>({ width: 0, height: 0 });
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const watch = new ResizeObserver(() =>
      setSpace({ width: current.clientWidth, height: current.clientHeight }),
    );
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  return { element, space };
}

function Placed({ tile, place, view }: { tile: StageTile; place: TilePlace; view: CallView }) {
  const { key, kind, participant } = tile;
  const canPin = !participant.isSelf && place !== 'corner';
  const props = {
    participant,
    place,
    isPinned: view.pinned === key,
    onPin: canPin ? (pinned: boolean) => view.setPinned(pinned ? key : undefined) : undefined,
  };
  return kind === 'screen' ? <ScreenTile {...props} /> : <Tile {...props} />;
}

/** Those who were invited and are not in the call. */
function Absent({ call, view }: { call: ActiveCall; view: CallView }) {
  const { absent } = arrange(call, view.layout, view.main);
  if (absent.length === 0) return null;
  return (
    <ul className="call-absent" aria-label={strings.call.others}>
      {absent.map((participant) => (
        <li key={participant.contact.id} className="call-absent-one" {...tileData(participant)}>
          <Avatar contact={participant.contact} size="s" />
          <span>
            {participant.contact.name} <em>{strings.presence[participant.presence]}</em>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Everyone in a call: as large as they fit, or one of them large and the rest beside. */
export function Stage({ call, view }: { call: ActiveCall; view: CallView }) {
  const { large, strip, corner } = arrange(call, view.layout, view.main);
  const { element, space } = useSpace();
  const isSingle = large.length === 1;
  const { width, height } = largestTiles(Math.max(1, large.length), space, GAP);
  const size = isSingle ? space : { width, height };
  const style = { '--tile-width': `${size.width}px`, '--tile-height': `${size.height}px` } as CSSProperties;
  return (
    <>
      <Absent call={call} view={view} />
      <div className="call-stage" data-strip={strip.length > 0}>
        <div className="call-large" ref={element} style={style} data-single={isSingle}>
          {large.map((tile) => (
            <Placed key={tile.key} tile={tile} place="large" view={view} />
          ))}
        </div>
        {strip.length > 0 && (
          <div className="call-strip">
            {strip.map((tile) => (
              <Placed key={tile.key} tile={tile} place="strip" view={view} />
            ))}
          </div>
        )}
        {corner && <Placed tile={corner} place="corner" view={view} />}
      </div>
    </>
  );
}
