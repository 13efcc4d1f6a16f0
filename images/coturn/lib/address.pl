# Usage: address.pl own                  prints the addresses from which this machine reaches the internet, IPv4 first
#        address.pl valid ADDRESS        succeeds when ADDRESS is an IPv4 or IPv6 address in numbers
#        address.pl bind ADDRESS PORT    succeeds when UDP and TCP can serve there; else prints why not
use strict;
use warnings;
use Socket qw(:all);
use constant { IPV6_ADDR_PREFERENCES => 72, PREFER_SRC_PUBLIC => 2 };

my ($command, $address, $port) = @ARGV;

sub family { return $_[0] =~ /:/ ? AF_INET6 : AF_INET }
sub place {
  my ($to, $number) = @_;
  my $binary = inet_pton(family($to), $to) // return;
  return family($to) == AF_INET6 ? pack_sockaddr_in6($number, $binary) : pack_sockaddr_in($number, $binary);
}

# Connecting a UDP socket only asks the routing table; nothing is sent.
sub own {
  my ($towards) = @_;
  socket(my $socket, family($towards), SOCK_DGRAM, 0) or return;
  setsockopt($socket, IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, pack('i', PREFER_SRC_PUBLIC)) if $towards =~ /:/;
  connect($socket, place($towards, 9)) or return;
  my ($error, $host) = getnameinfo(getsockname($socket), NI_NUMERICHOST, NIx_NOSERV);
  return $error ? () : $host;
}

sub binds {
  my ($kind) = @_;
  socket(my $socket, family($address), $kind, 0) or return 0;
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) if $kind == SOCK_STREAM;
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) if $address =~ /:/;
  return bind($socket, place($address, $port)) && ($kind == SOCK_DGRAM || listen($socket, 1));
}

if ($command eq 'own') {
  # Only a global IPv6 address is one that others can reach.
  print join(' ', own('198.51.100.1'), grep { /^[23]/ } own('2001:4860::1')), "\n";
} elsif ($command eq 'valid') {
  exit(defined place($address, 0) ? 0 : 1);
} elsif ($command eq 'bind') {
  for my $kind (SOCK_DGRAM, SOCK_STREAM) {
    next if binds($kind);
    my $name = $kind == SOCK_DGRAM ? 'UDP' : 'TCP';
    print "$name port $port of $address cannot be used: $!. Free it, or set TURN_PORT, TURNS_PORT or TURN_LISTEN_IP.\n";
    exit 1;
  }
}
