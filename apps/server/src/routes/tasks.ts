import { endpoints } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';
import { pickUpWaiting } from '../pick-up-waiting.ts';
import {
  once,
  onceAsText,
  register,
  registerRead,
  registerWrite,
  touch,
  useProject,
} from '../route.ts';
import { whenGone } from '../when-gone.ts';

export function taskRoutes(app: FastifyInstance): void {
  const { tasks } = endpoints;
  registerRead(app, tasks.list, ({ project, query, agent }) =>
    project.tasks.list(query, { agent }),
  );
  registerRead(app, tasks.read, ({ project, params }) => project.tasks.get(params.id));
  registerWrite(
    app,
    tasks.create,
    ({ project, body, agent }) => project.tasks.create(body, { agent }),
    ({ params }, { id }) => taskUrl(params.project, id),
  );
  registerWrite(app, tasks.createBatch, ({ project, body, agent }) => ({
    items: project.tasks.createBatch(body.tasks, { agent }),
  }));
  registerWrite(app, tasks.update, ({ project, params, body, agent, if_match }) =>
    project.tasks.update(params.id, body, { agent, if_match }),
  );
  registerWrite(app, tasks.done, ({ project, params, body, agent }) =>
    project.tasks.done(params.id, { ...body, agent }),
  );
  registerWrite(app, tasks.approve, ({ project, params, body, agent }) =>
    project.tasks.approve(params.id, { ...body, agent }),
  );
  registerWrite(app, tasks.reject, ({ project, params, body, agent }) =>
    project.tasks.reject(params.id, { ...body, agent }),
  );
  registerWrite(app, tasks.block, ({ project, params, body, agent }) =>
    project.tasks.block(params.id, { ...body, agent }),
  );
  registerWrite(app, tasks.unblock, ({ project, params, body, agent }) =>
    project.tasks.unblock(params.id, { ...body, agent }),
  );
  registerWrite(app, tasks.release, ({ project, params, body, agent }) =>
    project.tasks.release(params.id, { ...body, agent }),
  );
  registerWrite(app, tasks.cancel, ({ project, params, body, agent }) =>
    project.tasks.cancel(params.id, { ...body, agent }),
  );
  registerWrite(
    app,
    tasks.note,
    ({ project, params, body, agent }) => project.tasks.note(params.id, { ...body, agent }),
    ({ params }, { id }) => taskUrl(params.project, id),
  );
  registerWrite(app, tasks.heartbeat, ({ project, params, body, agent }) =>
    project.tasks.heartbeat(params.id, { ...body, agent }),
  );
  registerWrite(
    app,
    tasks.recordVerification,
    ({ project, params, body, agent }) =>
      project.tasks.recordVerification(params.id, { ...body, agent }),
    ({ params }, { id }) => taskUrl(params.project, id),
  );
  pickUpRoute(app);
}

/** With `wait` the request stays open until there is a task, or the time is over. */
function pickUpRoute(app: FastifyInstance): void {
  register(app, endpoints.tasks.pickUp, async (call) => {
    const { params, query, body, agent } = call;
    const live = await useProject(app, params);
    const { project } = live;
    const pickUp = () => project.tasks.pickUp({ ...body, agent });
    const { wait = 0 } = query;
    if (wait === 0) return live.write(onceAsText(call, project, pickUp));

    // A try that finds nothing leaves nothing behind, not even that the agent was here.
    touch(live, agent, call.request);
    const keepTrying = new NothingYet();
    return pickUpWaiting({
      live,
      seconds: wait,
      gone: whenGone(call.reply),
      pickUp: async (isLast) => {
        // Thrown, so that "nothing" is not kept as the answer to this idempotency key.
        const work = once(call, project, () => {
          const result = pickUp();
          if (result.task === null && !isLast) throw keepTrying;
          return result;
        });
        return live.write(work).catch((error: unknown) => {
          if (error === keepTrying) return undefined;
          throw error;
        });
      },
    });
  });
}

class NothingYet extends Error {
  override readonly name = 'NothingYet';
}

function taskUrl(project: string, id: string): string {
  return `/api/projects/${encodeURIComponent(project)}/tasks/${id}`;
}
