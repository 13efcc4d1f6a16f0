/** What is said of files. */
export const filesStrings = {
  files: {
    load: (size: string) => `Show (${size})`,
    play: (size: string) => `Play (${size})`,
    loading: (name: string) => `Loading ${name}`,
    amount: (done: string, total: string) => `${done} of ${total}`,
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Cancel',
    save: 'Save',
    saveNamed: (name: string) => `Save ${name}`,
    saved: 'Saved',
    retry: 'Try again',
    unshown: 'This file cannot be shown here. You can save it.',
    enlarge: (name: string) => `Enlarge ${name}`,
    drop: 'Drop files to send them',
    again: 'Choose the same file again',
  },
  uploads: {
    title: 'Files on their way',
    preparing: 'Being sealed. Keep this page open.',
    sending: 'Being sent',
    paused: 'Paused',
    unfinished: 'The page was closed before all of it was sealed. Choose the same file again to go on.',
    pause: (name: string) => `Pause ${name}`,
    resume: (name: string) => `Go on with ${name}`,
    cancel: (name: string) => `Cancel ${name}`,
  },
  tray: {
    title: 'Files to send',
    remove: (name: string) => `Remove ${name}`,
    video: 'Place and time inside a video are not removed. Whoever gets it can read them.',
    picture:
      'Place and time inside pictures of this kind (HEIC, AVIF, TIFF) are not removed. Whoever gets them can read them.',
  },
} as const;
