import type { Place } from './command-words.ts';

/** A completion for bash 3.2 and later; it needs nothing but what stands in it. */
export function bashCompletion(places: readonly Place[]): string {
  return `# cpk completion for bash. In ~/.bashrc: source <(cpk completion bash)

# What may follow these words of a command line, as REPLY.
_cpk_words() {
  case "$1" in
${places
  .map(({ command, words }) =>
    row(
      command,
      words.map(({ word }) => word),
    ),
  )
  .join('\n')}
    *) REPLY='' ;;
  esac
}

_cpk_options() {
  case "$1" in
${places
  .map(({ command, options }) =>
    row(
      command,
      options.map(({ word }) => word),
    ),
  )
  .join('\n')}
    *) REPLY='' ;;
  esac
}

# The values of an option, as REPLY; fails for one that takes none.
_cpk_values() {
  case "$1 $2" in
${places.flatMap(valueRows).join('\n')}
    *) REPLY=''; return 1 ;;
  esac
}

_cpk() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" command='' option='' prefix='' word i REPLY
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # Bash takes --name=value for three words.
    if [[ $word == '=' ]]; then continue; fi
    if [[ -n $option ]]; then
      option=''
    elif [[ $word == -* ]]; then
      _cpk_values "$command" "$word" && option=$word
    else
      _cpk_words "$command"
      if [[ " $REPLY " == *" $word "* ]]; then command="\${command:+$command }$word"; fi
    fi
  done
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ -n $option ]]; then
    _cpk_values "$command" "$option"
    if [[ $cur == *,* ]]; then prefix="\${cur%,*},"; cur="\${cur##*,}"; fi
  elif [[ $cur == -* ]]; then
    _cpk_options "$command"
  else
    _cpk_words "$command"
  fi
  COMPREPLY=($(compgen -P "$prefix" -W "$REPLY" -- "$cur"))
}

complete -o default -F _cpk cpk codepakt
`;
}

function row(command: string, words: readonly string[]): string {
  return `    '${command}') REPLY='${words.join(' ')}' ;;`;
}

function valueRows({ command, options }: Place): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ word, values }) => row(`${command} ${word}`, values));
}
