import { colours } from './colour.ts';

export function showConfig(settings: Record<string, unknown>): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      const shown = value === undefined || value === null ? colours.dim('–') : String(value);
      return `${colours.dim(name.padEnd(14))}  ${shown}`;
    })
    .join('\n');
}
