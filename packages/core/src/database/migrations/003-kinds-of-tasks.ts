/**
 * Open tasks by what decides whether an agent can take them. Many are alike: a pickup that finds
 * nothing looks at each kind once, however many tasks there are of it.
 */
export const kindsOfTasks = `
CREATE INDEX tasks_ready_of_kind ON tasks (touches, tags, capabilities, assignee, priority, id)
  WHERE status = 'open';
`;
