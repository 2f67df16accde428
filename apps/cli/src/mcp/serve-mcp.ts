import { finished } from 'node:stream/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Context, createContext } from '../context.ts';
import { createMcpServer, type MakeContext } from './create-mcp-server.ts';

/** Serves MCP on stdin and stdout until the client closes them. */
export async function serveMcp({ invocation, common }: Context): Promise<void> {
  const makeContext: MakeContext = (output, client, signal) => {
    const agent = common.agent || invocation.env.CPK_AGENT || nameOf(client);
    const context = createContext(invocation, output, { ...common, agent });
    // Ctrl-C is for the server; a call ends when the client takes it back.
    return Object.assign(context, { interruption: () => signal });
  };
  // However it ends: then nobody is there to tell.
  const closed = finished(process.stdin, { writable: false }).catch(() => undefined);
  const handle = serveStdio(() => createMcpServer(invocation.version, makeContext), {
    onerror: (error) => console.error(error.message),
  });
  await closed;
  await handle.close();
}

/** An agent program's name for itself, as a name on the board. */
function nameOf(client: string | undefined): string | undefined {
  return client?.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100) || undefined;
}
