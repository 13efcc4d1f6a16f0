const PATHS = {
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M12 5v14M6 13l6 6 6-6',
  file: 'M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5zM13.5 3.5v5h5',
  hidden:
    'M4 4l16 16M9.9 5.9A9.5 9.5 0 0 1 12 5.7c5.5 0 8.5 6.3 8.5 6.3a15 15 0 0 1-2.6 3.4M6.2 7.6A14.5 14.5 0 0 0 3.5 12S6.5 18.3 12 18.3a8.9 8.9 0 0 0 3.8-.9M10.2 10.3a2.5 2.5 0 0 0 3.5 3.5',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 8v.01',
  lock: 'M7 10.5h10a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19v-7A1.5 1.5 0 0 1 7 10.5zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3',
  note: 'M5 19.5l1-4L16.5 5a1.8 1.8 0 0 1 2.5 2.5L8.5 18z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
  send: 'M12 19.5V5M6 11l6-6 6 6',
  visible:
    'M3.5 12S6.5 5.7 12 5.7s8.5 6.3 8.5 6.3-3 6.3-8.5 6.3S3.5 12 3.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  warning: 'M12 4l9 15.5H3zM12 10v4.5M12 17v.01',
} as const;

/** Name of a picture in the set. */
export type IconName = keyof typeof PATHS;

/** A line drawing beside words that say the same; assistive technology skips it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
