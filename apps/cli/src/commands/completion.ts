import { defineCommand } from '../command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const command = defineCommand({
  name: 'completion',
  summary: 'The completion of commands, options and their values for a shell',
  details:
    'In ~/.bashrc: source <(cpk completion bash). In ~/.zshrc, after compinit: source <(cpk completion zsh). ' +
    'For fish: cpk completion fish > ~/.config/fish/completions/cpk.fish',
  positionals: [{ name: 'shell', choices: SHELLS, describe: SHELLS.join(', ') }],
  options: {},
  async run({ shell }, { output }) {
    const { commandPlaces } = await import('../completion/command-words.ts');
    output.write(await write[shell](await commandPlaces()));
  },
});

const write = {
  bash: async (places) => (await import('../completion/bash.ts')).bashCompletion(places),
  zsh: async (places) => (await import('../completion/zsh.ts')).zshCompletion(places),
  fish: async (places) => (await import('../completion/fish.ts')).fishCompletion(places),
} satisfies Record<(typeof SHELLS)[number], (places: Places) => Promise<string>>;
type Places = Awaited<ReturnType<typeof import('../completion/command-words.ts').commandPlaces>>;
