import { CodepaktError, check, type TaskInput } from '@codepakt/contract';
import {
  type CallToolResult,
  fromJsonSchema,
  type JsonSchemaValidator,
  type JsonSchemaValidatorResult,
  type jsonSchemaValidator,
  McpServer,
} from '@modelcontextprotocol/server';
import * as Type from 'typebox';
import type { Context } from '../context.ts';
import { explainError } from '../explain-error.ts';
import { loadCommand } from '../find-command.ts';
import { errorForm, type Output, toJson } from '../output.ts';
import { terse } from '../terse.ts';
import { wrongUsage } from '../wrong-usage.ts';
import { callCommand, collectOutput } from './call-command.ts';
import { noteCommands } from './note-commands.ts';
import { CHOICE, describeTools } from './tool-schema.ts';
import { TOOLS, type Tool } from './tools.ts';

type Given = Record<string, unknown>;
/** Makes what a call runs in: anew for each, since a project may have come meanwhile. */
export type MakeContext = (
  output: Output,
  client: string | undefined,
  signal: AbortSignal,
  shownCommands: Set<string>,
) => Context;

const INSTRUCTIONS =
  'A task board that agents share, and an index of the code. Call task_pickup for work, task_act with ' +
  'do=note for what others should know, task_done when it is finished: a person approves. ' +
  'Ask code_* before reading whole files.';

/** The commands of `cpk` as the tools of an MCP server: the same operations, answers and errors. */
export async function createMcpServer(
  version: string,
  makeContext: MakeContext,
): Promise<McpServer> {
  const shownCommands = new Set<string>();
  const server = new McpServer({ name: 'codepakt', version }, { instructions: INSTRUCTIONS });
  for (const { name, description, inputSchema } of await describeTools()) {
    const tool = TOOLS.find((one) => one.name === name);
    const schema = Type.Unsafe<Given>({ ...inputSchema, additionalProperties: false });
    const config = {
      description,
      inputSchema: fromJsonSchema<Given>({ ...inputSchema }, CHECKED_BY_US),
      ...(tool?.reads === true ? { annotations: { readOnlyHint: true } } : {}),
    };
    server.registerTool(name, config, (given, { mcpReq }) => {
      const printed: string[] = [];
      const client = server.server.getClientVersion()?.name;
      const context = makeContext(
        collectOutput(printed, shownCommands),
        client,
        mcpReq.signal,
        shownCommands,
      );
      const work = async () => {
        const checked = check(schema, given ?? {}, 'arguments');
        // What an agent gives to a task it knows.
        noteCommands(checked, shownCommands);
        if (tool === undefined) await runAddTasks(checked, context);
        else await runTool(tool, checked, context);
      };
      return answer(work, printed, context);
    });
  }
  return server;
}

/** So that what is wrong with arguments is told as everywhere else. */
const CHECKED_BY_US: jsonSchemaValidator = {
  getValidator: <T>(): JsonSchemaValidator<T> => toValid,
};

function toValid<T>(input: unknown): JsonSchemaValidatorResult<T> {
  return { valid: true, data: input as T, errorMessage: undefined };
}

async function runTool(
  { name, command, takes }: Tool,
  { [CHOICE]: choice, ...given }: Given,
  context: Context,
): Promise<void> {
  if (typeof command === 'string') return callCommand(await loadCommand(command), given, context);
  const chosen = await loadCommand(command[String(choice)] ?? '');
  const isKnown = (argument: string) =>
    Object.hasOwn(chosen.options, argument) ||
    chosen.positionals.some((positional) => positional.name === argument);
  const stranger = Object.keys(given).find((argument) => !isKnown(argument));
  if (stranger !== undefined) {
    const known = takes.filter(isKnown).join(', ') || 'nothing else';
    throw wrongUsage(`${name} with ${CHOICE}=${choice} does not take ${stranger}, but ${known}`);
  }
  return callCommand(chosen, given, context);
}

async function runAddTasks({ tasks }: Given, context: Context): Promise<void> {
  const { addTasks } = await import('../commands/task/add.ts');
  await addTasks({ tasks: tasks as TaskInput[] }, context);
}

async function answer(
  work: () => Promise<void>,
  printed: readonly string[],
  context: Context,
): Promise<CallToolResult> {
  try {
    await work();
    return { content: printed.map((text) => ({ type: 'text', text })) };
  } catch (thrown) {
    const error = await explainError(thrown, () => context.place?.root);
    // What we did not foresee is worth a trace; stderr is the client's log.
    if (!(error instanceof CodepaktError)) console.error(error);
    return { isError: true, content: [{ type: 'text', text: toJson(terse(errorForm(error))) }] };
  }
}
