/** Who depends on whom, by number, and what of it could not be kept. */
export interface KeptDependencies {
  kept: Map<number, number[]>;
  dropped: DroppedDependency[];
}

export interface DroppedDependency {
  task: number;
  /** As it stood in the old database. */
  depends_on: string;
  reason: 'unknown' | 'circle';
}

export interface WantedDependency {
  name: string;
  /** The task that the name means; undefined when there is none. */
  number: number | undefined;
}

/** Leaves out what names no task, and each edge that would close a circle. */
export function keepDependencies(
  wanted: ReadonlyMap<number, readonly WantedDependency[]>,
): KeptDependencies {
  const dropped: DroppedDependency[] = [];
  const known = new Map<number, WantedDependency[]>();
  for (const [task, dependencies] of wanted) {
    const seen = new Set<number>();
    const found = dependencies.filter(({ name, number }) => {
      if (number === undefined) dropped.push({ task, depends_on: name, reason: 'unknown' });
      if (number === undefined || seen.has(number)) return false;
      seen.add(number);
      return true;
    });
    known.set(task, found);
  }
  for (const { task, dependency } of edgesThatCloseCircles(known)) {
    const left = known.get(task)?.filter((other) => other !== dependency) ?? [];
    known.set(task, left);
    dropped.push({ task, depends_on: dependency.name, reason: 'circle' });
  }
  const kept = new Map<number, number[]>();
  for (const [task, dependencies] of known) {
    kept.set(
      task,
      dependencies.flatMap(({ number }) => number ?? []),
    );
  }
  return { kept, dropped };
}

interface Edge {
  task: number;
  dependency: WantedDependency;
}

/** A walk in depth, with a stack of its own: an edge back to a task on the way there closes a circle. */
function edgesThatCloseCircles(graph: ReadonlyMap<number, readonly WantedDependency[]>): Edge[] {
  const closing: Edge[] = [];
  const state = new Map<number, 'on the way' | 'finished'>();
  for (const start of graph.keys()) {
    if (state.has(start)) continue;
    const way = [{ task: start, next: 0 }];
    state.set(start, 'on the way');
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const dependency = graph.get(here.task)?.[here.next++];
      if (dependency?.number === undefined) {
        state.set(here.task, 'finished');
        way.pop();
      } else if (state.get(dependency.number) === 'on the way') {
        closing.push({ task: here.task, dependency });
      } else if (!state.has(dependency.number)) {
        state.set(dependency.number, 'on the way');
        way.push({ task: dependency.number, next: 0 });
      }
    }
  }
  return closing;
}
