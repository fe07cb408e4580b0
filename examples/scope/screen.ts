// What the demo shows: a live line with a plot in a terminal, plain lines elsewhere, nothing with --json.
import type { Packet } from '../../generated/scope/client/scope.js';

const BARS = [...'▁▂▃▄▅▆▇█'];

export type Progress = {
  readonly received: number;
  readonly lost: number;
  readonly perSecond: number;
  readonly last: Packet | undefined;
};

export type Screen = {
  readonly say: (line: string) => void;
  readonly show: (progress: Progress) => void;
};

/** -1 V is the lowest bar, +1 V the highest. */
export function plot(samples: Float32Array): string {
  const top = BARS.length - 1;
  return [...samples]
    .map((volts) => BARS[Math.min(top, Math.max(0, Math.round(((volts + 1) / 2) * top)))])
    .join('');
}

function describe({ received, lost, perSecond }: Progress): string {
  const count = (value: number) => value.toLocaleString('en-US');
  return `received ${count(received)}  lost ${count(lost)}  ${count(Math.round(perSecond))}/s`;
}

export function createScreen(quiet: boolean, out: NodeJS.WriteStream): Screen {
  if (quiet) return { say: () => {}, show: () => {} };
  const clear = out.isTTY ? '\r\x1b[K' : '';
  return {
    say: (line) => void out.write(`${clear}${line}\n`),
    show: (progress) => {
      const line = describe(progress);
      if (!out.isTTY) out.write(`${line}\n`);
      else out.write(`${clear}${progress.last ? plot(progress.last.samples) : ''}  ${line}`);
    },
  };
}
