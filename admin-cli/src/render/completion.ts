import type { TypedCommand } from '../tree/words.ts';

/**
 * A script for bash, and for zsh by `bashcompinit`, that completes commands, flags and the words that flags take. It holds all
 * it needs, so that pressing Tab starts no program. Where it offers nothing, bash offers files.
 * @param name what people type to start relay-admin
 */
export function completionScript(name: string, commands: readonly TypedCommand[]): string {
  const lines = commands.map(({ words, flags }) => `${words}:${flags.join(' ')}`);
  const choices = commands.flatMap(({ words, options }) =>
    Object.entries(options).map(([flag, values]) => `${words} ${flag}:${values.join(' ')}`),
  );
  return `# Completion of ${name} for bash.
_${name.replaceAll('-', '_')}() {
  local commands='
${lines.join('\n')}
' choices='
${choices.join('\n')}
' cur="\${COMP_WORDS[COMP_CWORD]}" before='' line rest found='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) break ;;
      *) found="\${found:+$found }\${COMP_WORDS[i]}" ;;
    esac
  done
  [ "$COMP_CWORD" -lt 2 ] || before="\${COMP_WORDS[COMP_CWORD - 1]}"
  # Bash takes --flag=value apart at the sign.
  if [ "$cur" = = ]; then cur=''; elif [ "$before" = = ]; then before="\${COMP_WORDS[COMP_CWORD - 2]}"; fi
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      *" $before:"*)
        # The words of a command may be followed by arguments.
        case "$found " in "\${line%% --*} "*) COMPREPLY=($(compgen -W "\${line#*:}" -- "$cur")); return ;; esac ;;
    esac
  done <<<"$choices"
  while IFS= read -r line; do
    rest="\${line%%:*}"
    case "$found " in
      "$rest "*)
        [ -n "$rest" ] || continue
        case "$cur" in -*) COMPREPLY=($(compgen -W "\${line#*:}" -- "$cur")) ;; esac
        return ;;
    esac
    case "$rest" in
      "\${found:+$found }"?*)
        rest="\${rest#"\${found:+$found }"}"
        COMPREPLY+=($(compgen -W "\${rest%% *}" -- "$cur")) ;;
    esac
  done <<<"$commands"
  rest=--help
  [ -n "$found" ] || rest='--help --version'
  case "$cur" in -*) COMPREPLY=($(compgen -W "$rest" -- "$cur")) ;; esac
}
complete -o default -F _${name.replaceAll('-', '_')} ${name}
`;
}
