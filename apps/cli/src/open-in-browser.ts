import { spawn } from 'node:child_process';

/** Opens an address in the user's browser, if there is one; resolves with whether a program took it. */
export async function openInBrowser(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const program = programFor(env);
  if (program === undefined) return false;
  const child = spawn(program, [url], { detached: true, stdio: 'ignore', env });
  child.unref();
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
}

function programFor(env: NodeJS.ProcessEnv): string | undefined {
  if (env.BROWSER) return env.BROWSER === 'none' ? undefined : env.BROWSER;
  if (process.platform === 'darwin') return 'open';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : undefined;
}
