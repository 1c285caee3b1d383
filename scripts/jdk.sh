# shellcheck shell=bash
# Sourced by run, test, scripts/image, scripts/release, those in bench/ and the run script of a
# release: finds a JDK 25 or newer and Maven, exports JAVA_HOME.

# Prints the major version of the JDK in $1, nothing if there is none. $2 is a program that it must
# have.
jdk_major() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/$2" ] || return 0
  # Asking java itself takes a tenth of a second.
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$version" ] || version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')
  echo "$version"
}

# Prints the directories where JDKs live, the most likely first.
jdk_places() {
  [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
  for place in /usr/lib/jvm/* /opt/* /opt/*/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ ! -d "$place" ] || printf '%s\n' "$place"
  done
  local java
  if java=$(command -v java); then
    java=$(readlink -f "$java" 2>/dev/null || printf '%s' "$java")
    dirname "$(dirname "$java")"
  fi
}

# Exports JAVA_HOME, or says what is missing and exits. With the argument java a JRE will do.
find_jdk() {
  local place major program=${1:-javac}
  while IFS= read -r place; do
    major=$(jdk_major "$place" "$program")
    if [ -n "$major" ] && [ "$major" -ge 25 ]; then
      export JAVA_HOME=$place
      # Maven's own Guava makes JDK 24 and newer warn.
      export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
      return
    fi
  done < <(jdk_places)
  echo "Plenum needs a JDK 25 or newer and found none: install one, or set JAVA_HOME to it." >&2
  exit 1
}

# Installs the given Debian packages if we may; fails if we may not. In a shell of its own, whose
# trap holds however this ends.
install_debian() (
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
  echo "Installing $* ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  # Services that come along (coturn, Prometheus) are not to start.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" || exit 1
  fi
  apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null ||
    { apt-get update >/dev/null 2>&1 </dev/null &&
      apt-get install -y --no-install-recommends "$@" >/dev/null </dev/null; }
)

# Makes sure that there is Maven, or says what is missing and exits.
find_maven() {
  command -v mvn >/dev/null || install_debian maven && command -v mvn >/dev/null && return
  echo "Plenum is built with Maven and found none: install it (Debian: apt install maven)." >&2
  exit 1
}
