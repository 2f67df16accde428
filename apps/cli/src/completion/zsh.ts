import type { OptionWord, Place, Word } from './command-words.ts';

/** A completion for zsh, as a file in $fpath or to be sourced; it tells what each word is. */
export function zshCompletion(places: readonly Place[]): string {
  return `#compdef cpk codepakt
# cpk completion for zsh. In ~/.zshrc, after compinit: source <(cpk completion zsh)

# What may follow these words of a command line, as reply.
_cpk_words() {
  case "$1" in
${places.map(({ command, words }) => row(command, words)).join('\n')}
    *) reply=() ;;
  esac
}

_cpk_options() {
  case "$1" in
${places.map(({ command, options }) => row(command, options)).join('\n')}
    *) reply=() ;;
  esac
}

# The values of an option, as reply; fails for one that takes none.
_cpk_values() {
  case "$1 $2" in
${places.flatMap(valueRows).join('\n')}
    *) reply=(); return 1 ;;
  esac
}

_cpk() {
  local command='' option='' word
  local -a reply
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $option ]]; then
      option=''
    elif [[ $word == -* ]]; then
      [[ $word != *=* ]] && _cpk_values "$command" "$word" && option=$word
    else
      _cpk_words "$command"
      if (( \${reply[(I)$word(|:*)]} )); then command="\${command:+$command }$word"; fi
    fi
  done
  word=\${words[CURRENT]}
  if [[ -z $option && $word == --*=* ]]; then
    option=\${word%%=*}
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    _cpk_values "$command" "$option"
    (( $#reply )) || { _files; return }
    compset -P '*,'
    _describe -t values value reply
  elif [[ $word == -* ]]; then
    _cpk_options "$command"
    _describe -t options option reply
  else
    _cpk_words "$command"
    (( $#reply )) && _describe -t words word reply || _files
  fi
}

if [[ $funcstack[1] == _cpk ]]; then _cpk "$@"; else compdef _cpk cpk codepakt; fi
`;
}

function row(command: string, words: readonly Word[]): string {
  return `    '${command}') reply=(${words.map(quoted).join(' ')}) ;;`;
}

function quoted({ word, describe }: Word): string {
  return inQuotes(describe === '' ? word : `${word}:${describe}`);
}

function valueRows({ command, options }: Place): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ word, values }: OptionWord) =>
      row(
        `${command} ${word}`,
        values.map((value) => ({ word: value, describe: '' })),
      ),
    );
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
