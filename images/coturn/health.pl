#!/usr/bin/perl
# Healthy when coturn answers a stranger's request for an allocation within two seconds, and refuses it with 401: this
# tells that it serves, and that it lets nobody in without a credential.
use strict;
use warnings;
use Socket qw(:all);
use constant { ALLOCATE => 0x0003, REFUSED => 0x0113, COOKIE => 0x2112A442, ERROR_CODE => 9, UDP => 17 };

sub unhealthy { print "@_\n"; exit 1 }

my %setting;
open(my $file, '<', '/run/turn/turnserver.conf') or unhealthy('coturn has no configuration yet');
while (<$file>) {
  $setting{$1} //= $2 if /^([\w-]+)=(\S+)$/;
}
my ($host, $port) = @setting{qw(listening-ip listening-port)};
my $family = $host =~ /:/ ? AF_INET6 : AF_INET;
my $binary = inet_pton($family, $host);
my $to = $family == AF_INET6 ? pack_sockaddr_in6($port, $binary) : pack_sockaddr_in($port, $binary);

my $id = join '', map { chr int rand 256 } 1 .. 12;
my $requested_transport = pack('nnCx3', 0x0019, 4, UDP);
my $request = pack('nnN', ALLOCATE, length $requested_transport, COOKIE) . $id . $requested_transport;

socket(my $socket, $family, SOCK_DGRAM, 0) or unhealthy("no socket: $!");
connect($socket, $to) or unhealthy("no socket: $!");
send($socket, $request, 0) or unhealthy("coturn does not listen: $!");
my $ready = '';
vec($ready, fileno $socket, 1) = 1;
select($ready, undef, undef, 2) or unhealthy('coturn does not answer');
my $answer;
defined recv($socket, $answer, 2048, 0) or unhealthy("coturn does not listen: $!");

my ($type, $length, $cookie, $echoed) = unpack('nnNa12', $answer);
length $answer >= 20 && $echoed eq $id or unhealthy('the answer is not to the request');
$type == REFUSED or unhealthy('coturn lets strangers in');
my $rest = substr($answer, 20);
while (length $rest >= 4) {
  my ($attribute, $size) = unpack('nn', $rest);
  if ($attribute == ERROR_CODE) {
    my ($class, $number) = unpack('x6CC', $rest);
    my $code = ($class & 7) * 100 + $number;
    $code == 401 or unhealthy("coturn answers with error $code instead of 401");
    exit 0;
  }
  $rest = substr($rest, 4 + ($size + 3 & ~3));
}
unhealthy('the refusal has no code');
