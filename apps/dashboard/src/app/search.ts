/** The URL's query as plain words, `?epic=login&priority=P0,P1`, so that people can read and write it. */
export type Search = Record<string, string | undefined>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function formatSearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** Keeps of a query what a view knows. */
export function pick<const N extends string>(...names: N[]) {
  return (search: Record<string, unknown>): { [Name in N]?: string } => {
    const known: { [Name in N]?: string } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' && value !== '') known[name] = value;
    }
    return known;
  };
}
