/** How much each page sends in a mesh, by how many it sends to (SPEC.md §21.4). Pure. */
import type { SendPlan } from '../../../media/media.ts';

/** People up to whom cameras are allowed and voices have the full rate. */
export const MAX_CAMERA_PEOPLE = 8;
const VOICE = 32_000;
const VOICE_IN_CROWDS = 20_000;
/** Of pictures to all others together, in bits per second. */
const UPLINK = 2_400_000;
/** The part of it that a camera keeps beside a screen. */
const CAMERA_BESIDE_SCREEN = 0.25;
const MAX_CAMERA = 1_500_000;
const MAX_SCREEN = 1_800_000;
/** Below this a screen cannot be read. */
const MIN_SCREEN = 120_000;

/** From which bit rate which picture is worth it, the largest first. */
const STEPS = [
  { from: 1_000_000, height: 720, frameRate: 30 },
  { from: 550_000, height: 480, frameRate: 30 },
  { from: 330_000, height: 360, frameRate: 24 },
  { from: 150_000, height: 240, frameRate: 20 },
] as const;
const LEAST = { height: 180, frameRate: 15 };

/** Whether there is bandwidth for cameras among so many people. */
export function isCameraAllowed(people: number): boolean {
  return people <= MAX_CAMERA_PEOPLE;
}

/**
 * What goes to each of `peers` others.
 * @param sharesScreen this page shares its screen: the camera gives way
 */
export function planFor(peers: number, sharesScreen = false): SendPlan {
  const each = Math.floor(UPLINK / Math.max(1, peers));
  const cameraPart = sharesScreen ? CAMERA_BESIDE_SCREEN : 1;
  const screenPart = sharesScreen ? 1 - CAMERA_BESIDE_SCREEN : 1;
  const hasCamera = isCameraAllowed(peers + 1);
  const screen = Math.max(MIN_SCREEN, Math.min(MAX_SCREEN, Math.floor(each * (hasCamera ? screenPart : 1))));
  return {
    voice: peers < MAX_CAMERA_PEOPLE ? VOICE : VOICE_IN_CROWDS,
    camera: hasCamera ? cameraPlan(Math.min(MAX_CAMERA, Math.floor(each * cameraPart))) : undefined,
    screen: { bitrate: screen, frameRate: peers < 4 ? 15 : peers < MAX_CAMERA_PEOPLE ? 10 : 5 },
  };
}

function cameraPlan(bitrate: number): NonNullable<SendPlan['camera']> {
  const { height, frameRate } = STEPS.find(({ from }) => bitrate >= from) ?? LEAST;
  return { bitrate, height, frameRate };
}
