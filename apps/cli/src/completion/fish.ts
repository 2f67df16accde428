import type { OptionWord, Place, Word } from './command-words.ts';

/** A completion for fish; it tells what each word is. */
export function fishCompletion(places: readonly Place[]): string {
  return `# cpk completion for fish: cpk completion fish > ~/.config/fish/completions/cpk.fish

# What may follow these words of a command line.
function __cpk_words
    switch "$argv[1]"
${places.flatMap(({ command, words }) => rows(command, words)).join('\n')}
    end
end

function __cpk_options
    switch "$argv[1]"
${places.flatMap(({ command, options }) => rows(command, options)).join('\n')}
    end
end

# The values of an option; fails for one that takes none.
function __cpk_values
    switch "$argv[1] $argv[2]"
${places.flatMap(valueRows).join('\n')}
        case '*'
            return 1
    end
end

function __cpk
    set -l command ''
    set -l option ''
    set -l current (commandline -ct)
    for word in (commandline -opc)[2..]
        if test -n "$option"
            set option ''
        else if string match -q -- '-*' $word
            if not string match -q -- '*=*' $word; and __cpk_values "$command" $word >/dev/null
                set option $word
            end
        else if contains -- $word (__cpk_words "$command" | string replace -r '\\t.*' '')
            set command (string trim "$command $word")
        end
    end
    set -l before ''
    if test -z "$option"; and string match -q -- '--*=*' $current
        set option (string replace -r '=.*' '' -- $current)
        set before "$option="
        set current (string replace -r '^[^=]*=' '' -- $current)
    end
    if test -n "$option"
        set -l values (__cpk_values "$command" $option)
        test (count $values) -eq 0; and __fish_complete_path $current; and return
        set before $before(string replace -r '[^,]*$' '' -- $current)
        printf '%s\\n' $before$values
    else if string match -q -- '-*' $current
        __cpk_options "$command"
    else
        set -l words (__cpk_words "$command")
        test (count $words) -eq 0; and __fish_complete_path $current; and return
        printf '%s\\n' $words
    end
end

complete -c cpk -f -a '(__cpk)'
complete -c codepakt -f -a '(__cpk)'
`;
}

function rows(command: string, words: readonly Word[]): string[] {
  if (words.length === 0) return [];
  const lines = words.map(({ word, describe }) =>
    inQuotes(describe === '' ? word : `${word}\t${describe}`),
  );
  return [`        case ${inQuotes(command)}`, `            printf '%s\\n' ${lines.join(' ')}`];
}

function valueRows({ command, options }: Place): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .flatMap(({ word, values }: OptionWord) => [
      `        case ${inQuotes(`${command} ${word}`)}`,
      ...(values.length === 0 ? [] : [`            printf '%s\\n' ${values.join(' ')}`]),
    ]);
}

function inQuotes(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
