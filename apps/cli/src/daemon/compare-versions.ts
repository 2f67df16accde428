/** Below 0 when `a` is the older one. Of two equal numbers the one with a pre-release tag is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.tag === right.tag) return 0;
  if (left.tag === '') return 1;
  if (right.tag === '') return -1;
  return left.tag.localeCompare(right.tag, 'en', { numeric: true });
}

function parse(version: string): { numbers: number[]; tag: string } {
  const [, numbers = '0.0.0', tag = ''] = /^v?(\d+(?:\.\d+)*)(?:-([^+]*))?/.exec(version) ?? [];
  return { numbers: numbers.split('.').map(Number), tag };
}
