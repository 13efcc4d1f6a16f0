# shellcheck shell=sh
# shellcheck disable=SC2154 # lib.sh and preflight.sh set what this file only reads
# Sourced by up.sh and upgrade.sh: every check, one line each.

# shellcheck source=scripts/appliance/checks.sh
. "$root/scripts/appliance/checks.sh"

# Makes the checks and ends the script when one found a fault, unless FORCE=1 says to go on.
preflight() {
  check_settings
  if check_engine && check_compose; then
    check_host
    check_clock
  else
    FORCE=''
  fi
  say ''
  [ "$faults" -gt 0 ] || return 0
  if [ "${FORCE-}" = 1 ]; then
    say "Going on in spite of $faults fault(s), as FORCE=1 says."
    return 0
  fi
  say "Nothing was started: mend the $faults fault(s) above, then run it again."
  say 'Where you know better than a check, FORCE=1 goes on all the same.'
  exit 1
}
