// How far forecast probabilities are from how often it came true.

const bins = 10;

/**
 * Expected calibration error: over ten equal ranges of the probability, the mean distance between what was forecast and
 * what came true, weighted by how many fall into each. NaN for none.
 */
export function calibrationError(
  forecast: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const distance = new Float64Array(bins);
  let total = 0;
  for (let index = 0; index < forecast.length; index++) {
    const [probability, outcome] = [forecast[index] ?? 0, outcomes[index] ?? Number.NaN];
    const weight = weights === undefined ? 1 : (weights[index] ?? 0);
    if (Number.isNaN(outcome)) continue;
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    distance[bin] = (distance[bin] ?? 0) + weight * (probability - outcome);
    total += weight;
  }
  return total === 0 ? Number.NaN : distance.reduce((sum, value) => sum + Math.abs(value), 0) / total;
}
