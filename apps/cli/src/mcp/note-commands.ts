/** Adds the verify commands of the tasks that stand in a value, at any depth. */
export function noteCommands(value: unknown, commands: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'verify' && typeof inner === 'string') commands.add(inner);
    else noteCommands(inner, commands);
  }
}
