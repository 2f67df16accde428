import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 500;
/** Collections of garbage come in waves: what is less than this is no growth. */
const WAVE_MB = 40;

/** The memory of a process over time, in MiB. NaN where the system does not tell. */
export class Memory {
  readonly #pid: number;
  readonly #samples: { at: number; mb: number }[] = [];

  constructor(pid: number) {
    this.#pid = pid;
  }

  async watch(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      this.#samples.push({ at: performance.now() / 60_000, mb: residentMb(this.#pid) });
      await sleep(EVERY_MS);
    }
  }

  get most(): number {
    return Math.max(...this.#samples.map(({ mb }) => mb));
  }

  /** MiB a minute in the second half, when everything is warm: the line that fits best. */
  get slope(): number {
    const late = this.#late();
    const mean = (pick: (sample: { at: number; mb: number }) => number) =>
      late.reduce((sum, sample) => sum + pick(sample), 0) / late.length;
    const at = mean((sample) => sample.at);
    const mb = mean((sample) => sample.mb);
    const covariance = mean((sample) => (sample.at - at) * (sample.mb - mb));
    return covariance / mean((sample) => (sample.at - at) ** 2);
  }

  /** Whether it grew in the second half by more than waves do. */
  get grows(): boolean {
    const late = this.#late();
    const span = (late.at(-1)?.at ?? 0) - (late[0]?.at ?? 0);
    return this.slope * span > WAVE_MB;
  }

  #late(): { at: number; mb: number }[] {
    return this.#samples.slice(Math.floor(this.#samples.length / 2));
  }
}

/** How much memory a process has just now, in MiB. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1_024;
}
