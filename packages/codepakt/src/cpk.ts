#!/usr/bin/env node
// No static import here: on an old Node the check below must come before anything that it cannot load.
const needed = [22, 14] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  const command = process.argv.slice(2).join(' ') || '--help';
  process.stderr.write(
    `cpk needs Node ${needed.join('.')} or newer; this is ${process.versions.node}.\n` +
      `Run it with a newer one: npx -p node@24 -p codepakt cpk ${command}\n`,
  );
  process.exitCode = 1;
} else if (process.platform === 'win32') {
  process.stderr.write('cpk runs on Linux and macOS. On Windows, run it in WSL 2: wsl --install\n');
  process.exitCode = 1;
} else {
  keepCompiled();
  const { main } = await import('./main.ts');
  await main(import.meta.url);
}

/**
 * What V8 compiled is kept for the next call, which saves some of them a tenth of their time: in the
 * data directory, where nobody else can put anything, and only once there is one.
 */
function keepCompiled(): void {
  const { existsSync, mkdirSync } = process.getBuiltinModule('node:fs');
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  const { homedir } = process.getBuiltinModule('node:os');
  const data = process.env.CPK_DATA_DIR || `${homedir()}/.codepakt`;
  if (!existsSync(data)) return;
  const compiled = `${data}/compiled`;
  try {
    // Node would let everybody read it.
    mkdirSync(compiled, { recursive: true, mode: 0o700 });
  } catch {
    return; // Nothing can be kept there; whoever needs to write there will say why.
  }
  enableCompileCache(compiled);
}
