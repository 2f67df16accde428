/** The fields that were given; an empty text clears one, where a field may be empty at all. */
export function givenFields(
  fields: Readonly<Record<string, unknown>>,
  clearable: (name: string) => boolean,
): Record<string, unknown> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, value === '' && clearable(name) ? null : value]),
  );
}
