import type { RefObject } from 'react';

/** What the browser's file picker needs. */
export interface FileInputProps {
  input: RefObject<HTMLInputElement | null>;
  multiple?: boolean;
  testId: string;
  onFiles: (files: readonly File[]) => void;
}

/** The browser's file picker, opened by clicking `input` from a button. The same file can be chosen again. */
export function FileInput({ input, multiple = false, testId, onFiles }: FileInputProps) {
  return (
    <input
      ref={input}
      type="file"
      hidden
      multiple={multiple}
      tabIndex={-1}
      aria-hidden="true"
      data-testid={testId}
      onChange={({ currentTarget }) => {
        const files = [...(currentTarget.files ?? [])];
        currentTarget.value = '';
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}
