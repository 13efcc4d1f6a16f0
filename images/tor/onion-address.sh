#!/bin/sh
# Prints the onion address, or fails while there is none.
grep -E '^[a-z2-7]{56}\.onion$' /var/lib/tor/relay/hostname
