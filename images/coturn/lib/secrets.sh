# The secrets that coturn accepts: read from the secrets file (its form is in protocol/SPEC.md), kept in coturn's SQLite
# database. A line counts until its `dies` has come, whether or not anybody rewrites the file.

known=
seen=
accepted=
secrets_problem=

# Takes the secrets file into `known`. Where that fails, `known` stays and `secrets_problem` tells why.
secrets_load() {
  if ! content=$(cat "$secrets_file" 2>/dev/null); then
    secrets_problem="the secrets file $secrets_file is missing or unreadable."
    [ "$seen" != missing ] || return 0
    seen=missing
    return 1
  fi
  [ "$content" != "$seen" ] || return 0
  seen=$content
  if secrets_valid; then
    known=$content
    return 0
  fi
  secrets_problem="the secrets file $secrets_file is not of the form that this version reads."
  return 1
}

secrets_valid() {
  {
    IFS= read -r first && [ "$first" = 'relay-turn-secrets 1' ] || return 1
    lasting=0
    while read -r secret from dies rest; do
      [ -z "$rest" ] && [ ${#secret} -eq 64 ] || return 1
      case $secret in *[!0-9a-f]*) return 1 ;; esac
      case $from in '' | *[!0-9]* | ?????????????*) return 1 ;; esac
      case $dies in
        -) lasting=$((lasting + 1)) ;;
        '' | *[!0-9]* | ?????????????*) return 1 ;;
      esac
    done
    [ "$lasting" -eq 1 ]
  } <<END
$content
END
}

# The statements that make the database hold what is accepted now, as one transaction.
secrets_statements() {
  now=$(date +%s)
  printf '.bail on\n.timeout 2000\nBEGIN IMMEDIATE;\nDELETE FROM turn_secret;\n'
  {
    read -r first
    while read -r secret from dies; do
      [ "$dies" = - ] || [ "$dies" -gt "$now" ] || continue
      printf "INSERT OR IGNORE INTO turn_secret (realm, value) VALUES ('%s', '%s');\n" "$TURN_REALM" "$secret"
    done
  } <<END
$known
END
  printf 'COMMIT;\n'
}

# Readers go on while a writer works, which coturn needs: a database that is busy would refuse a member.
database_create() {
  rm -f "$state"/turndb*
  {
    printf 'PRAGMA journal_mode = WAL;\nPRAGMA secure_delete = ON;\n'
    cat /usr/share/coturn/schema.sql
  } | sqlite3 -batch -init /dev/null "$state/turndb" >/dev/null
}

# Statements go through standard input: an argument would show in the list of processes.
database_write() {
  statements=$(secrets_statements)
  [ "$statements" != "$accepted" ] || return 0
  printf '%s\n' "$statements" | sqlite3 -batch -init /dev/null "$state/turndb" >/dev/null 2>&1 || return 1
  accepted=$statements
}

# Once a second. What does not work is said once, and tried again.
secrets_follow() {
  secrets_load || say "$secrets_problem The secrets known before stay in force."
  before=$accepted
  if database_write; then
    writing=works
    [ "$before" = "$accepted" ] || say 'the secrets have changed.'
  elif [ "${writing:-works}" = works ]; then
    writing=fails
    say 'the database of secrets cannot be written; trying again each second.'
  fi
}
