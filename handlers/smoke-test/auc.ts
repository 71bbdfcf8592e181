/** Area under the ROC curve. */

/**
 * How often a positive scores above a negative, ties counted half (the Mann–Whitney statistic).
 *
 * @returns undefined where one of the two classes has no rows
 */
export function auc(scores: readonly number[], positives: readonly boolean[]): number | undefined {
  const ordered = scores
    .map((score, row) => ({ score, positive: positives[row] === true }))
    .sort((a, b) => a.score - b.score);
  const positiveCount = ordered.filter(({ positive }) => positive).length;
  const negativeCount = ordered.length - positiveCount;
  if (positiveCount === 0 || negativeCount === 0) return undefined;
  let wins = 0;
  let negativesBelow = 0;
  for (let start = 0; start < ordered.length; ) {
    let end = start;
    while (ordered[end]?.score === ordered[start]?.score && end < ordered.length) end++;
    const tied = ordered.slice(start, end);
    const tiedPositives = tied.filter(({ positive }) => positive).length;
    wins += tiedPositives * (negativesBelow + (tied.length - tiedPositives) / 2);
    negativesBelow += tied.length - tiedPositives;
    start = end;
  }
  return wins / (positiveCount * negativeCount);
}
