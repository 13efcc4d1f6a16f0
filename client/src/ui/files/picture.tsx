import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';

/** A picture in its message; a press shows it as large as the window. */
export function Picture({ name, url }: { name: string; url: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="picture" aria-label={strings.files.enlarge(name)} data-testid="picture">
        <img src={url} alt={name} decoding="async" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop lightbox-backdrop" />
        <Dialog.Viewport className="lightbox">
          <Dialog.Popup className="lightbox-popup" data-testid="lightbox">
            <header className="lightbox-header">
              <Dialog.Title className="lightbox-title">
                <bdi>{name}</bdi>
              </Dialog.Title>
              <Dialog.Close render={<IconButton icon="close" label={strings.kit.close} />} />
            </header>
            <img className="lightbox-picture" src={url} alt={name} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
