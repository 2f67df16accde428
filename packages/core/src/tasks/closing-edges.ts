/** `task` depends on `on`. */
export interface Edge {
  task: number;
  on: number;
}

/**
 * The edges without which a graph of dependencies has no circle; none when it has none. Each is
 * looked at once, in depth, on a stack of its own: an edge back to where the walk came through
 * closes a circle.
 */
export function closingEdges(dependencies: ReadonlyMap<number, readonly number[]>): Edge[] {
  const closing: Edge[] = [];
  const state = new Map<number, 'on the way' | 'finished'>();
  for (const start of dependencies.keys()) {
    if (state.has(start)) continue;
    state.set(start, 'on the way');
    const way = [{ task: start, next: 0 }];
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const on = dependencies.get(here.task)?.[here.next++];
      if (on === undefined) {
        state.set(here.task, 'finished');
        way.pop();
      } else if (state.get(on) === 'on the way') {
        closing.push({ task: here.task, on });
      } else if (!state.has(on)) {
        state.set(on, 'on the way');
        way.push({ task: on, next: 0 });
      }
    }
  }
  return closing;
}
