import { writeFileSync } from 'node:fs';
import { arch, platform, release } from 'node:os';

/** `run` answers with its faults, or with a sentence on why it could not be made. */
export interface Trial {
  what: string;
  where: string;
  run: () => string[] | string | Promise<string[] | string>;
}

interface Row {
  what: string;
  where: string;
  outcome: string;
}

/** Collects the outcome of each trial, and tells it as it comes. */
export class Report {
  readonly #rows: Row[] = [];
  isClean = true;

  async add({ what, where, run }: Trial): Promise<void> {
    process.stdout.write(`${what}: ${where} … `);
    const began = performance.now();
    const faults = await (async () => run())().catch((error: unknown) => [String(error)]);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const isSkipped = typeof faults === 'string';
    if (!isSkipped && faults.length > 0) this.isClean = false;
    const outcome = isSkipped ? `skipped: ${faults}` : faults.length === 0 ? 'good' : '**fails**';
    this.#rows.push({ what, where, outcome });
    console.log(`${outcome} (${seconds} s)`);
    if (!isSkipped) for (const fault of faults) console.log(fault.replace(/^/gm, '    '));
  }

  write(file: string): void {
    const rows = this.#rows.map(
      ({ what, where, outcome }) => `| ${where} | ${what} | ${outcome} |`,
    );
    writeFileSync(
      file,
      `# Compatibility

codepakt needs Node 22.14 or newer, on Linux or macOS, x64 or arm64; on Windows it runs in WSL 2. What
is listed here is what \`pnpm e2e:matrix --write\` really installed from packed tarballs and tried, last
on ${platform()} ${release().split('-')[0]}, ${arch()}. On macOS, the workflow for the tests runs \`npm test\`.

| with | what was tried | outcome |
|---|---|---|
${rows.join('\n')}

Yarn's Plug'n'Play was not tried.
`,
    );
  }
}
