# shellcheck shell=bash
# Sourced by test: what failed in a run of Maven that went on after failures.

# Prints each test that failed in these directories of Surefire's reports, as Class.method, and
# the beginning of what it said.
failed_tests() {
  local reports=() directory report
  for directory in "$@"; do
    for report in "$directory"/TEST-*.xml; do
      [ ! -f "$report" ] || reports+=("$report")
    done
  done
  [ ${#reports[@]} -gt 0 ] || return 0
  # A test that failed has <failure> or <error> after its <testcase>; one that passed when it was
  # run again has other elements.
  awk '
    # The value of an attribute. A name may contain ">", so the tag is not cut at one.
    function attribute(name, start) {
      start = index($0, " " name "=\"")
      if (!start) return ""
      start += length(name) + 3
      return substr($0, start, index(substr($0, start), "\"") - 1)
    }
    # What a test printed or threw may look like anything.
    quoted { if (/\]\]>/) quoted = 0; next }
    /<testcase / { class = attribute("classname"); test = attribute("name"); listed = 0 }
    /<(failure|error)[ >]/ && !listed {
      listed = 1
      name = class "." test
      sub(/\.$/, "", name)
      said = attribute("message")
      gsub(/&#10;.*/, "", said)
      if (said != "") name = name ": " substr(said, 1, 2000)
      gsub(/&quot;/, "\"", name); gsub(/&lt;/, "<", name); gsub(/&gt;/, ">", name)
      gsub(/&amp;/, "\\&", name)
      print name
    }
    /<!\[CDATA\[/ && !/\]\]>/ { quoted = 1 }' "${reports[@]}"
}

# Prints the modules that did not come to their end, by Maven's summary: those that failed (a
# compiler's error, a JVM of tests that crashed), and those that were left out for that. $1 is
# Maven's exit status, $2 its output, $3 what was run, which is printed if there is no summary.
failed_modules() {
  local modules
  # A terminal gets colours.
  modules=$(sed 's/\x1b\[[0-9;]*m//g' "$2" |
    sed -n 's/^\[INFO\] \(.*[^ .]\) \.\.\.* *\(FAILURE\|SKIPPED\).*$/module \1: \2/p')
  if [ -n "$modules" ]; then
    printf '%s\n' "$modules" | sed 's/FAILURE/failed, see its [ERROR] lines/; s/SKIPPED/not run/'
  elif [ "$1" != 0 ]; then
    echo "$3 (exit status $1)"
  fi
}
