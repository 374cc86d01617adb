/**
 * Shows how far a run is, on stderr. On a terminal: a block of one bar and a line a worker, redrawn
 * ten times a second and erased at the end. Elsewhere: one plain line every 10 s or 10 %. It only
 * reads shared memory, so the simulation does not notice.
 */
import { clearScreenDown, moveCursor } from 'node:readline';
import type { LaneSnapshot, ProgressSnapshot } from '../workers/progress-board.ts';
import { clockTime, compact, percent, shortDuration } from './numbers.ts';
import { width } from './table.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MS = 100;
const PLAIN_MS = 10_000;
const PLAIN_SHARE = 0.1;
/** Before that, a rate says more about start-up than about the run. */
const ETA_AFTER_MS = 2_000;
const ETA_AFTER_SHARE = 0.02;
/** A cell without simulated progress for so long is named. */
const STALL_MS = 30_000;
const BAR = 20;
const MOST_LANES = 8;

export interface Progress {
  start(read: () => ProgressSnapshot): void;
  /** A line that stays, above the block. */
  note(line: string): void;
  /** Erases the block. */
  stop(): void;
}

/** `now` is a monotonic clock in milliseconds. */
export function progressOn(terminal: Terminal, now: () => number): Progress {
  return terminal.animates ? new Block(terminal, now) : new PlainLines(terminal, now);
}

/** Shows nothing but notes. */
export function quietProgress(terminal: Terminal): Progress {
  return { start: () => {}, note: (line) => terminal.print(line), stop: () => {} };
}

class Block implements Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #draw = () => {};
  #lines = 0;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  start(read: () => ProgressSnapshot): void {
    const began = this.#now();
    const stalls = new StallWatch();
    this.#draw = () => {
      const snapshot = read();
      const now = this.#now();
      for (const line of stalls.check(snapshot, now)) this.note(line);
      this.#erase();
      const lines = blockLines(snapshot, now - began, this.#terminal);
      this.#terminal.print(...lines);
      this.#lines = lines.length;
    };
    this.#timer = setInterval(this.#draw, REDRAW_MS);
  }

  note(line: string): void {
    this.#erase();
    this.#terminal.print(line);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #erase(): void {
    if (this.#lines === 0) return;
    moveCursor(this.#terminal.stream, 0, -this.#lines);
    clearScreenDown(this.#terminal.stream);
    this.#lines = 0;
  }
}

class PlainLines implements Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  start(read: () => ProgressSnapshot): void {
    const began = this.#now();
    const stalls = new StallWatch();
    let last = { at: began, share: 0 };
    this.#timer = setInterval(() => {
      const snapshot = read();
      const now = this.#now();
      for (const line of stalls.check(snapshot, now)) this.note(line);
      const due = now - last.at >= PLAIN_MS || snapshot.share - last.share >= PLAIN_SHARE;
      if (!due || snapshot.endedCells === snapshot.cells) return;
      last = { at: now, share: snapshot.share };
      this.note(plainLine(snapshot, now - began));
    }, 1000);
  }

  note(line: string): void {
    this.#terminal.print(line);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Names a worker whose cell has made no simulated progress for `STALL_MS`, once a stall. */
export class StallWatch {
  #seen: { label: string; share: number; since: number; named: boolean }[] = [];

  check(snapshot: ProgressSnapshot, now: number): string[] {
    return snapshot.lanes.flatMap((lane, i) => {
      const before = this.#seen[i];
      const label = lane?.label ?? '';
      const share = lane?.share ?? 0;
      if (!lane || before?.label !== label || before.share !== share) {
        this.#seen[i] = { label, share, since: now, named: false };
        return [];
      }
      if (before.named || now - before.since < STALL_MS) return [];
      before.named = true;
      return [
        `w${i + 1}: ${label} stands still at sim ${clockTime(lane.simulatedSeconds)} ` +
          `for ${STALL_MS / 1000} s (${compact(lane.events)} events so far)`,
      ];
    });
  }
}

/** The lines of the block, none wider than the terminal. */
export function blockLines(
  snapshot: ProgressSnapshot,
  elapsedMs: number,
  terminal: Pick<Terminal, 'columns' | 'style'>,
): string[] {
  const head = [
    terminal.style('cyan', bar(snapshot.share)),
    percent(snapshot.share).padStart(4),
    `${snapshot.endedCells}/${snapshot.cells} cells`,
    ...rates(snapshot, elapsedMs),
  ].join('  ');
  const running = snapshot.lanes.flatMap((lane, i) => (lane ? [laneLine(lane, i)] : []));
  const hidden = running.length - MOST_LANES;
  const lines = hidden > 0 ? running.slice(0, MOST_LANES) : running;
  if (hidden > 0) lines.push(`and ${hidden} more workers`);
  return [head, ...lines].map((line) => clip(` ${line}`, terminal.columns - 1));
}

function laneLine(lane: LaneSnapshot, index: number): string {
  const sim = `${clockTime(lane.simulatedSeconds)}/${clockTime(lane.totalSeconds)}`;
  return `w${index + 1}  ${bar(lane.share)}  sim ${sim}  ${compact(lane.events)} ev  ${lane.label}`;
}

/** `[   20s] 31% 36/117 cells  sim-hours 4.1  2.0M ev/s  eta 44s` */
export function plainLine(snapshot: ProgressSnapshot, elapsedMs: number): string {
  const time = `${Math.round(elapsedMs / 1000)}s`.padStart(6);
  const cells = `${snapshot.endedCells}/${snapshot.cells} cells`;
  const hours = `sim-hours ${(snapshot.simulatedSeconds / 3600).toFixed(1)}`;
  return [
    `[${time}] ${percent(snapshot.share)} ${cells}`,
    hours,
    ...rates(snapshot, elapsedMs),
  ].join('  ');
}

function rates(snapshot: ProgressSnapshot, elapsedMs: number): string[] {
  const perSecond = elapsedMs > 0 ? (snapshot.events * 1000) / elapsedMs : 0;
  const eta = etaSeconds(snapshot.share, elapsedMs);
  return [
    `${compact(perSecond)} ev/s`,
    ...(eta === undefined ? [] : [`eta ${shortDuration(eta)}`]),
  ];
}

/** Seconds left if the rest runs as the past did; undefined while that is not known. */
export function etaSeconds(share: number, elapsedMs: number): number | undefined {
  if (elapsedMs < ETA_AFTER_MS || share < ETA_AFTER_SHARE) return undefined;
  return ((elapsedMs / 1000) * (1 - share)) / share;
}

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

/** Cuts a line that would wrap; colours end with it. */
function clip(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  let room = columns - 1;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it matches
  const parts = line.match(/\u001b\[[0-9;]*m|./gu) ?? [];
  const kept = parts.filter((part) => part.length > 2 || room-- > 0);
  return `${kept.join('')}…`;
}
