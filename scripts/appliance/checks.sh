# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # lib.sh sets what this file only reads; the checks read what is set here
# Sourced by preflight.sh and doctor.sh: what is checked before a start and when something is wrong, one line each.

# shellcheck source=scripts/appliance/check-engine.sh
. "$root/scripts/appliance/check-engine.sh"
# shellcheck source=scripts/appliance/check-network.sh
. "$root/scripts/appliance/check-network.sh"
# shellcheck source=scripts/appliance/check-settings.sh
. "$root/scripts/appliance/check-settings.sh"

# What is seen with the engine and compose at hand, which are to be checked before.
check_host() {
  running=$(running_services)
  held=$(held_services)
  check_memory
  check_disk
  check_address
  check_domain
  check_ports
}
