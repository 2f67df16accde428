import { finished } from 'node:stream/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Context, createContext } from '../context.ts';
import { createMcpServer, type MakeContext } from './create-mcp-server.ts';

/** Serves MCP on stdin and stdout until the client closes them. */
export async function serveMcp({ invocation, common }: Context): Promise<void> {
  const makeContext: MakeContext = (output, client, signal, shownCommands) => {
    const agent = common.agent || invocation.env.CPK_AGENT || nameOf(client);
    const context = createContext(invocation, output, { ...common, agent });
    // Ctrl-C is for the server; a call ends when the client takes it back.
    return Object.assign(context, { interruption: () => signal, shownCommands });
  };
  // However it ends: then nobody is there to tell.
  const closed = finished(process.stdin, { writable: false }).catch(() => undefined);
  const handle = serveStdio(() => createMcpServer(invocation.version, makeContext), {
    onerror: (error) => console.error(`cpk mcp: ${inOneLine(error)}`),
  });
  await closed;
  await handle.close();
}

/** The schema's own account of what does not fit it takes thirty lines. */
function inOneLine(error: Error): string {
  return 'issues' in error ? 'what came is no message of the protocol' : error.message;
}

/** An agent program's name for itself, as a name on the board. */
function nameOf(client: string | undefined): string | undefined {
  return client?.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100) || undefined;
}
