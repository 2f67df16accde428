import type { AnyCommand, Option } from '../command.ts';
import { loadCommand } from '../find-command.ts';
import { ADD_TASKS, TOOLS, type Tool } from './tools.ts';

/** The name of the argument that chooses one of a tool's commands. */
export const CHOICE = 'do';

export interface JsonSchema {
  type: 'object';
  properties: Record<string, object>;
  required?: string[];
}

/** A tool as it is listed. */
export interface ToolDescription {
  name: string;
  description: string;
  inputSchema: JsonSchema;
}

/** All tools, as their commands say what they take and what that is. */
export async function describeTools(): Promise<ToolDescription[]> {
  const explain = explainOnce();
  const described = [await describeAddTasks(explain)];
  for (const tool of TOOLS) described.push(await describeTool(tool, explain));
  return described;
}

async function describeTool(
  { name, command, takes, summary }: Tool,
  explain: Explain,
): Promise<ToolDescription> {
  if (typeof command === 'string') {
    const only = await loadCommand(command);
    const inputSchema = object(propertiesOf([only], takes, explain), needed(only, takes));
    return { name, description: summary ?? only.summary, inputSchema };
  }
  const members = await Promise.all(Object.values(command).map(loadCommand));
  const properties = {
    [CHOICE]: { type: 'string', enum: Object.keys(command) },
    ...propertiesOf(members, takes, explain),
  };
  const always = takes.filter((taken) => members.every((member) => needed(member, [taken])[0]));
  const inputSchema = object(properties, [CHOICE, ...always]);
  return { name, description: summary ?? '', inputSchema };
}

async function describeAddTasks(explain: Explain): Promise<ToolDescription> {
  const { name, command, fields, summary, key } = ADD_TASKS;
  const properties = {
    ...propertiesOf([await loadCommand(command)], fields, explain),
    key: { type: 'string', description: key },
  };
  const tasks = { type: 'array', items: object(properties, ['title']) };
  return { name, description: summary, inputSchema: object({ tasks }, ['tasks']) };
}

function object(properties: Record<string, object>, required: string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function propertiesOf(
  commands: readonly AnyCommand[],
  names: readonly string[],
  explain: Explain,
): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, propertyOf(commands, name, explain)]));
}

function propertyOf(commands: readonly AnyCommand[], name: string, explain: Explain): object {
  for (const { options, positionals } of commands) {
    const option = options[name];
    if (option !== undefined) return { ...shapeOf(option), ...explain(name, option) };
    const positional = positionals.find((one) => one.name === name);
    if (positional !== undefined) return { type: 'string', ...explain(name, positional) };
  }
  throw new Error(`no command of this tool takes ${name}`);
}

function shapeOf({ type, choices }: Option): object {
  const word = { type: 'string', ...(choices === undefined ? {} : { enum: choices }) };
  if (type === 'flag') return { type: 'boolean' };
  if (type === 'integer') return { type: 'integer' };
  return type === 'list' ? { type: 'array', items: word } : word;
}

type Explain = (
  name: string,
  what: { describe: string; type?: Option['type']; choices?: readonly string[] },
) => { description?: string };

/** Tells what a word means where it first stands, unless it speaks for itself: the list is to be short. */
function explainOnce(): Explain {
  const known = new Set<string>();
  return (name, { describe, type, choices }) => {
    // A text and a flag of one name are not the same thing.
    const sense = `${name} ${type ?? 'text'}`;
    if (CLEAR.has(name) || known.has(sense) || choices !== undefined) return {};
    known.add(sense);
    const text = describe.replace(/ \(.*\)$/, '');
    return { description: type === 'duration' ? `${text} (90s, 2h)` : text };
  };
}

const CLEAR = new Set([
  'id',
  'title',
  'description',
  'note',
  'reason',
  'text',
  'epic',
  'tags',
  'tag',
  'assignee',
  'type',
  'body',
  'section',
  'name',
  'file',
  'words',
  'search',
  'all',
  'limit',
  'cursor',
  'task',
  'agent',
  'event',
  'from',
  'to',
]);

function needed(command: AnyCommand, names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      command.options[name]?.required === true ||
      command.positionals.some((one) => one.name === name && one.optional !== true),
  );
}
