import picocolors from 'picocolors';

type Colours = ReturnType<typeof picocolors.createColors>;

/** Colours when a terminal reads along and nobody asked for none. */
export function coloursFor(isTerminal: boolean): Colours {
  const forced = Boolean(process.env.FORCE_COLOR);
  return picocolors.createColors(!process.env.NO_COLOR && (isTerminal || forced));
}

export const colours = coloursFor(process.stdout.isTTY === true);

const BY_STATUS: Record<string, (text: string) => string> = {
  open: colours.cyan,
  'in-progress': colours.yellow,
  review: colours.magenta,
  done: colours.green,
  blocked: colours.red,
  backlog: colours.dim,
  cancelled: colours.dim,
};

export function colourOfStatus(status: string): string {
  return (BY_STATUS[status] ?? String)(status);
}

export function colourOfPriority(priority: string): string {
  return priority === 'P0' ? colours.bold(colours.red(priority)) : priority;
}
