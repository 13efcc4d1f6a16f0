import { useRef } from 'react';

/** What a picker for the identity file needs. */
export interface FileButtonProps {
  label: string;
  className: string;
  onFiles: (files: FileList | null) => Promise<void>;
}

/** A button that opens the browser's file picker. */
export function FileButton({ label, className, onFiles }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        data-testid="identity-file"
        onChange={async ({ currentTarget }) => {
          await onFiles(currentTarget.files);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
