import { closingEdges } from '../tasks/closing-edges.ts';

export interface DroppedDependency {
  task: number;
  /** As it stood in the old database. */
  depends_on: string;
  reason: 'unknown' | 'circle';
}

/** The task that a name means; undefined when there is none. */
export interface NamedDependency {
  name: string;
  number: number | undefined;
}

/** Leaves out what names no task, and each edge that would close a circle. */
export function keepDependencies(wanted: ReadonlyMap<number, readonly NamedDependency[]>): {
  kept: Map<number, number[]>;
  dropped: DroppedDependency[];
} {
  const dropped: DroppedDependency[] = [];
  const kept = new Map<number, number[]>();
  for (const [task, dependencies] of wanted) {
    for (const { name, number } of dependencies) {
      if (number === undefined) dropped.push({ task, depends_on: name, reason: 'unknown' });
    }
    const numbers = dependencies.flatMap(({ number }) => number ?? []);
    kept.set(task, [...new Set(numbers)]);
  }
  for (const { task, on } of closingEdges(kept)) {
    const name = wanted.get(task)?.find(({ number }) => number === on)?.name ?? '';
    dropped.push({ task, depends_on: name, reason: 'circle' });
    kept.set(task, kept.get(task)?.filter((number) => number !== on) ?? []);
  }
  return { kept, dropped };
}
