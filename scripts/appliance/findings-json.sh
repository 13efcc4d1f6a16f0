# shellcheck shell=sh
# Sourced by doctor.sh: what the host says by itself, in the shape of `relay-admin doctor --json` (admin-cli/src/doctor/finding.ts).

# Reads lines of `ok`, `warning` and `fault`. What mends a thing is the last sentence of its line, where there are several.
lines_as_json() {
  sed 's/[\\"]/\\&/g' | awk -v at="$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
    function area_of(text) {
      if (text ~ /^Services?[ :]/) return "services"
      if (text ~ /^Disk:/) return "disk"
      if (text ~ /^Clock:/) return "clock"
      if (text ~ /^Ports?[ :]/) return "ports"
      if (text ~ /^Calls:/) return "TURN"
      if (text ~ /^(Address|Domain|IPv6):/) return "origins"
      if (text ~ /^Relay range:/) return "relay range"
      return "engine"
    }
    BEGIN {
      means["engine"] = "The appliance cannot be started, or not be looked at in full."
      means["services"] = "A part of the appliance is away, or all of it."
      means["disk"] = "The database stops taking messages when it is full. Nothing acknowledged is lost."
      means["clock"] = "Sign-in, credentials for calls and expiry depend on the time."
      means["ports"] = "A service cannot start, or members do not reach it."
      means["TURN"] = "Calls do not connect."
      means["origins"] = "Members do not reach the relay, or calls do not connect."
      means["relay range"] = "Members reach it through the TURN server, past the firewall."
      printf "{\n  \"at\": \"%s\",\n  \"well\": false,\n  \"findings\": [\n", at
    }
    /^(ok|warning|fault) / {
      level = $1; text = $0; sub(/^[a-z]+ +/, "", text); gsub(/[[:cntrl:]]/, " ", text)
      area = area_of(text); mend = "mend what it names, then make up"
      if (area == "disk") mend = "docker image prune; docker builder prune; or add disk"
      if (text ~ /^Service [a-z]+:/) { name = text; gsub(/^Service |:.*/, "", name); mend = "make logs SERVICE=" name ", then make up" }
      else if (level != "ok" && match(text, /.*\. /)) { mend = substr(text, RLENGTH + 1); text = substr(text, 1, RLENGTH - 1) }
      printf "%s    {\"area\": \"%s\", \"level\": \"%s\", \"finding\": \"%s\"", n++ ? ",\n" : "", area, level, text
      if (level != "ok") printf ", \"means\": \"%s\", \"mend\": \"%s\"", means[area], mend
      printf "}"
    }
    END { print "\n  ]\n}" }'
}
