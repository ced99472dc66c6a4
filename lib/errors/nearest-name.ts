/** A name in lower case without underscores and hyphens, so that a mistake in these does not count. */
export const plain = (name: string): string =>
  name.toLowerCase().replaceAll(/[_-]/g, '');

/** The known name with the fewest edits from the given one. Default limit: a quarter of its letters, rounded up. */
export function nearest(
  name: string,
  known: readonly string[],
  limit = (option: string) => Math.ceil(option.length / 4),
): string | undefined {
  const [best] = known
    .map((option) => ({ option, edits: distance(plain(name), plain(option)) }))
    .sort((one, other) => one.edits - other.edits);
  return best && best.edits <= limit(best.option) ? best.option : undefined;
}

/** How many letters must be inserted, removed, changed, or swapped with the next letter. */
function distance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  let twoAbove = above;
  for (let line = 1; line <= from.length; line += 1) {
    const row = [line];
    for (let at = 1; at <= to.length; at += 1) {
      const isSame = from[line - 1] === to[at - 1];
      const isSwap =
        from[line - 1] === to[at - 2] && from[line - 2] === to[at - 1];
      row[at] = Math.min(
        above[at]! + 1,
        row[at - 1]! + 1,
        above[at - 1]! + (isSame ? 0 : 1),
        isSwap && line > 1 && at > 1 ? twoAbove[at - 2]! + 1 : Infinity,
      );
    }
    twoAbove = above;
    above = row;
  }
  return above.at(-1)!;
}
