import type { Part, PartReport } from './part.ts';
import { runStorm } from './storm.ts';

/** The storm with one daemon, then with two on one database; `--tasks` makes it any size. */
export const part: Part = {
  summary: 'cpk agents drain a board while they, their calls and the daemon are killed',
  wholeWhenNamed: true,
  flags: { tasks: '', daemons: '1,2', agents: '16', 'daemon-kills': '', lease: '5' },
  async run({ entry, full, seed, signal, flags }) {
    const tasks = Number(flags.tasks || (full ? 1_000 : 200));
    const figures: Record<string, string | number> = {};
    const faults: string[] = [];
    for (const daemons of String(flags.daemons).split(',').map(Number)) {
      const report = await runStorm({
        entry,
        tasks,
        dependencies: Math.round(tasks * 1.5),
        agents: Number(flags.agents),
        daemons,
        daemon_kills: Number(flags['daemon-kills'] || Math.ceil(tasks / 85)),
        lease_seconds: Number(flags.lease),
        seed,
        time_limit_ms: 30 * 60_000,
        signal,
      });
      const name = `${daemons} daemon${daemons === 1 ? '' : 's'}`;
      Object.assign(
        figures,
        named(name, { ...report.figures, seconds: Math.round(report.seconds) }),
      );
      faults.push(...report.faults.map((fault) => `${name}: ${fault} (see ${report.folder})`));
    }
    return { figures, faults };
  },
};

function named(name: string, figures: Record<string, number>): PartReport['figures'] {
  return Object.fromEntries(
    Object.entries(figures).map(([figure, value]) => [`${name}: ${figure}`, value]),
  );
}
