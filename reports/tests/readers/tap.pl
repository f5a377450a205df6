# Counts the test points of a TAP file by TAP::Parser, which comes with perl and knows version 13: that line alone is changed for it.
use strict;
use warnings;
use JSON::PP;
use TAP::Parser;

open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!";
local $/;
my $tap = <$file>;
$tap =~ s/^TAP version 14$/TAP version 13/m;
my $parser = TAP::Parser->new({ tap => $tap });
my %counts = map { $_ => 0 } qw(points failed skipped todo diagnostics);
while (my $result = $parser->next) {
    $counts{diagnostics}++ if $result->is_yaml;
    print STDERR "no TAP: ", $result->raw, "\n" if $result->is_unknown && $result->raw =~ /\S/;
    $counts{unknown}++ if $result->is_unknown && $result->raw =~ /\S/;
    next unless $result->is_test;
    $counts{points}++;
    $counts{failed}++ unless $result->is_ok;
    $counts{skipped}++ if $result->has_skip;
    $counts{todo}++ if $result->has_todo;
}
my $unknown = delete $counts{unknown};
print STDERR "$_\n" for $parser->parse_errors;
$counts{planned} = 0 + ($parser->tests_planned // 0);
print JSON::PP->new->canonical->encode(\%counts), "\n";
exit($unknown || $parser->parse_errors ? 1 : 0);
