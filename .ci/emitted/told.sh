#!/usr/bin/env bash
# Puts the lines of terraform.sh together: how many modules of each kind went which way.
#
#   told.sh TERRAFORM_VERSION <LINES
set -euo pipefail
awk -F '\t' -v version="$1" '
  $2 == "FAULT" { print "  does not hold: " $3; next }
  $2 == "NOT" { apart[$1 ": NOT " $3]++; next }
  $2 == "plan" { plans[$1]++; compared[$1] += $3; resources[$1] += substr($3, index($3, " ")); next }
  NF == 3 { done[$1 ": " $2 ($3 == "-" ? "" : " with " $3)]++; next }
  { print }
  END {
    for (what in done) print version ", " what ": " done[what] " modules"
    for (what in apart) print version ", " what " (" apart[what] " modules)"
    for (kind in plans)
      print version ", " kind ": " plans[kind] " planned, " resources[kind] " resources, " \
        compared[kind] " comparisons with the specs hold"
  }' | sort
