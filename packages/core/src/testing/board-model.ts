import type { Priority, Status } from '@codepakt/contract';

interface ModelTask {
  status: Status;
  hold: boolean;
  priority: Priority;
  assignee: string | null;
  depends_on: string[];
}

const RESOLVED: readonly Status[] = ['review', 'done', 'cancelled'];
const QUEUED: readonly Status[] = ['open', 'backlog'];

/**
 * The rules of the board told as plainly as can be, without a thought for speed: after every act
 * the whole board is looked at again. Core must come to the same result.
 */
export class BoardModel {
  readonly tasks = new Map<string, ModelTask>();

  create(input: Partial<ModelTask>): string {
    const id = `T-${String(this.tasks.size + 1).padStart(3, '0')}`;
    this.tasks.set(id, {
      status: input.hold === true ? 'backlog' : 'open',
      hold: input.hold ?? false,
      priority: input.priority ?? 'P1',
      assignee: input.assignee ?? null,
      depends_on: input.depends_on ?? [],
    });
    this.#settle();
    return id;
  }

  /** The task that a pickup gives, or undefined. */
  next(agent: string): string | undefined {
    const candidates = [...this.tasks]
      .filter(([, task]) => task.status === 'open')
      .filter(([, task]) => task.assignee === null || task.assignee === agent)
      .map(([id, task]) => ({ id, mine: task.assignee === agent ? 0 : 1, ...task }));
    candidates.sort(
      (a, b) => a.mine - b.mine || a.priority.localeCompare(b.priority) || a.id.localeCompare(b.id),
    );
    return candidates[0]?.id;
  }

  claim(id: string, agent: string): void {
    this.setStatus(id, 'in-progress');
    this.#task(id).assignee = agent;
  }

  setStatus(id: string, status: Status): void {
    const task = this.#task(id);
    if (QUEUED.includes(status) && !QUEUED.includes(task.status)) task.assignee = null;
    task.status = status;
    task.hold = status === 'backlog';
    this.#settle();
  }

  setDependencies(id: string, depends_on: string[]): void {
    this.#task(id).depends_on = depends_on;
    this.#settle();
  }

  setHold(id: string, hold: boolean): void {
    const task = this.#task(id);
    if (task.hold === hold) return;
    task.hold = hold;
    if (hold) task.status = 'backlog';
    this.#settle();
  }

  isMet(id: string): boolean {
    return this.#task(id).depends_on.every((on) => RESOLVED.includes(this.#task(on).status));
  }

  /** Whether `id` would come to depend on itself. */
  closesCircle(id: string, depends_on: readonly string[]): boolean {
    const seen = new Set<string>();
    const reaches = (from: string): boolean => {
      if (from === id) return true;
      if (seen.has(from)) return false;
      seen.add(from);
      return this.#task(from).depends_on.some(reaches);
    };
    return depends_on.some(reaches);
  }

  #task(id: string): ModelTask {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`the model has no ${id}`);
    return task;
  }

  #settle(): void {
    for (const [id, task] of this.tasks) {
      if (task.status === 'open' && !this.isMet(id)) task.status = 'backlog';
      else if (task.status === 'backlog' && !task.hold && this.isMet(id)) task.status = 'open';
    }
  }
}
