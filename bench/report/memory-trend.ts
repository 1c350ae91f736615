// Whether memory grows without end. The rule: the first third of the run is warm-up and left out; through the rest the
// Theil-Sen line is laid (the median of the slopes between all pairs of samples, which single peaks before a garbage
// collection do not tilt); when the line rises by more than 10% of the median memory, the run fails. A run of ten minutes
// or more is needed to tell a slow leak from noise.

export type MemorySample = {
  /** Seconds since the load began. */
  readonly second: number;
  readonly residentBytes: number;
};

export type MemoryTrend = {
  /** Samples after the warm-up. */
  readonly samples: number;
  readonly medianBytes: number;
  /** How much the line rises, or falls when negative, from the end of the warm-up to the end of the run. */
  readonly riseBytes: number;
  /** The rise as a share of the median. */
  readonly riseShare: number;
};

export const warmUpShare = 1 / 3;
export const mostRiseShare = 0.1;
const fewestSamples = 5;
/** Pairs grow with the square of the samples: more samples than this are thinned out evenly. */
const mostSamples = 600;

/** The trend of samples taken at even intervals; undefined when too few remain after the warm-up. */
export function memoryTrend(all: readonly MemorySample[]): MemoryTrend | undefined {
  const afterWarmUp = all.slice(Math.ceil(all.length * warmUpShare));
  const step = Math.max(1, Math.ceil(afterWarmUp.length / mostSamples));
  const samples = afterWarmUp.filter((_, index) => index % step === 0);
  const first = samples.at(0);
  const last = samples.at(-1);
  if (samples.length < fewestSamples || first === undefined || last === undefined) return undefined;
  const medianBytes = middleOf(samples.map((sample) => sample.residentBytes));
  const riseBytes = middleOf(slopesOf(samples)) * (last.second - first.second);
  return { samples: samples.length, medianBytes, riseBytes, riseShare: riseBytes / medianBytes };
}

/** Bytes a second between every two samples. */
function slopesOf(samples: readonly MemorySample[]): number[] {
  return samples.flatMap((earlier, index) =>
    samples
      .slice(index + 1)
      .map((later) => (later.residentBytes - earlier.residentBytes) / (later.second - earlier.second)),
  );
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
