import type { TaskInput } from '../../packages/contract/src/index.ts';
import type { Random } from './random.ts';

/** Tasks with this title kill whoever works on them, so that their leases run out three times. */
export const CURSED = 'cursed';
/** With these claims; a person has looked at it then. */
export const CURSED_CLAIMS = 3;
const CURSED_SHARE = 0.006;

/** Tasks that depend on earlier ones: half of the dependencies on near ones, half on any. */
export function stormBoard(random: Random, tasks: number, dependencies: number): TaskInput[] {
  const depends_on = Array.from({ length: tasks }, () => new Set<number>());
  for (let left = dependencies; left > 0; ) {
    const task = 1 + random.below(tasks - 1);
    const reach = random.chance(0.5) ? Math.min(task, 20) : task;
    const on = task - 1 - random.below(reach);
    const set = depends_on[task];
    if (set === undefined || set.has(on)) continue;
    set.add(on);
    left--;
  }
  const cursed = new Set<number>();
  const wanted = Math.max(1, Math.round(tasks * CURSED_SHARE));
  // Early ones: what waits for them would otherwise keep everybody waiting at the end.
  while (cursed.size < wanted) cursed.add(random.below(Math.ceil(tasks / 4)));
  return depends_on.map((on, index) => ({
    key: `k${index}`,
    title: `${cursed.has(index) ? CURSED : 'task'} ${index + 1}`,
    priority: (['P0', 'P1', 'P2'] as const)[random.below(3)] ?? 'P1',
    depends_on: [...on].map((other) => `k${other}`),
  }));
}
