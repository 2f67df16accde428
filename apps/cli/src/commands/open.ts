import { defineCommand } from '../command.ts';
import { readDaemonState } from '../daemon/daemon-state.ts';

export const command = defineCommand({
  name: 'open',
  summary: "Print the dashboard's address and open it",
  positionals: [],
  options: { print: { type: 'flag', describe: 'only print it' } },
  async run({ print }, { address, client, data_dir, place, invocation, output }) {
    // Whoever opens the page finds the server running, on whichever port that is.
    await client.health.read();
    const daemon = address.is_own ? readDaemonState(data_dir) : undefined;
    const base = daemon?.url ?? address.url;
    const url =
      place?.id === undefined ? `${base}/` : `${base}/?project=${encodeURIComponent(place.id)}`;
    await output.print({ url }, { human: () => url });
    if (print === true || output.mode === 'json') return;
    const { openInBrowser } = await import('../open-in-browser.ts');
    const isOpened = await openInBrowser(url, invocation.env);
    if (!isOpened) output.say('No browser was found; open it yourself.');
  },
});
