# shellcheck shell=bash
# Sourced by run and by the run script of a release: the AOT cache with which the server starts in
# less time (JEP 483, JEP 514). It may be missing, stale or damaged: then the server starts
# without it.

# Sets $aot to the options of a JVM that runs $1/plenum.jar: with the cache if it is of this jar,
# JDK and machine, else without, while one is made in the background for the next time.
find_aot() {
  local directory=$1 key
  aot=()
  [ -w "$directory" ] || [ -f "$directory/plenum.aot" ] || return 0
  key=$(aot_key "$directory") || return 0
  if [ -f "$directory/plenum.aot" ] && [ "$key" = "$(cat "$directory/plenum.aot.key" 2>/dev/null)" ]; then
    # If the JVM likes something about it less than we do, it starts without it, and need not say so.
    aot=("-XX:AOTCache=$directory/plenum.aot" "-Xlog:aot*=off" "-Xlog:cds*=off")
  elif [ -w "$directory" ] && [ -z "${NO_AOT_CACHE:-}" ]; then
    # In a session of its own, so that Ctrl-C at the server does not reach it, and nobody's child.
    (make_aot "$directory" "$key" </dev/null >"$directory/aot.log" 2>&1 &)
  fi
}

# Prints what a cache depends on. The JVM looks at the times of the jars, so they count.
aot_key() {
  cat "$JAVA_HOME/release"
  uname -sm
  (cd "$1" && cksum plenum.jar && LC_ALL=C TZ=UTC ls -ln plenum.jar lib)
  cksum <"$(aot_options "$1")"
}

# Prints which file has the JVM's options: beside the jar in a release, in scripts/ otherwise.
aot_options() {
  if [ -f "$1/jvm.options" ]; then echo "$1/jvm.options"; else echo "$root/scripts/jvm.options"; fi
}

# Runs the server once beside the real one, on loopback and ports of its own, and makes the cache of
# what it loaded and which methods it ran how. Leaves a whole cache or none.
make_aot() {
  trap '' INT
  local directory=$1 work=$1/aot.$$ options java=$JAVA_HOME/bin/java server port tries status=0
  local management=$((20000 + RANDOM % 10000)) client
  # One at a time; what a training left that was killed is out of the way after some minutes.
  find "$directory" -maxdepth 1 -name 'aot.[0-9]*' -mmin +5 -exec rm -rf {} +
  [ -z "$(find "$directory" -maxdepth 1 -name 'aot.[0-9]*' -print -quit)" ] || return 0
  mkdir "$work" || return 0
  # The real one starts first.
  sleep 3
  : >"$work/log"
  options=$(aot_options "$directory")
  cat >"$work/plenum.conf" <<CONF
http { host = "127.0.0.1", port = 0 }
management { host = "127.0.0.1", port = $management }
media { port = 0, workers = 1, bind = ["127.0.0.1"], tcp.port = 0 }
CONF
  # Without the settings of whoever called ./run.
  env -i PATH="$PATH" HOME="$HOME" nice -n 19 "$java" "@$options" -XX:AOTMode=record \
    "-XX:AOTConfiguration=$work/conf" -jar "$directory/plenum.jar" --config "$work/plenum.conf" \
    >"$work/log" 2>&1 &
  server=$!
  for ((tries = 0; tries < 300; tries++)); do
    port=$(sed -n 's/^Plenum is at .*:\([0-9]*\).*/\1/p' "$work/log")
    [ -z "$port" ] || break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
  done
  if [ -n "$port" ]; then
    client=$directory/training
    if [ ! -d "$client" ]; then
      client=$work/client
      compile_client "$directory" "$client" >>"$work/log" 2>&1 || true
    fi
    # A cache of a server that nobody called is better than none.
    train_server "$port" "$management" "$server" env -i PATH="$PATH" nice -n 19 "$java" \
      --enable-native-access=ALL-UNNAMED -cp "$directory/plenum.jar:$client" \
      >>"$work/log" 2>&1 || true
  fi
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || status=$?
  if [ -s "$work/conf" ] && env -i PATH="$PATH" HOME="$HOME" nice -n 19 "$java" "@$options" \
    -XX:AOTMode=create "-XX:AOTConfiguration=$work/conf" "-XX:AOTCache=$work/plenum.aot" \
    -jar "$directory/plenum.jar" >>"$work/log" 2>&1 &&
    [ -s "$work/plenum.aot" ] && [ "$2" = "$(aot_key "$directory")" ]; then
    rm -f "$directory/plenum.aot.key"
    mv "$work/plenum.aot" "$directory/plenum.aot"
    printf '%s\n' "$2" >"$work/key"
    mv "$work/key" "$directory/plenum.aot.key"
  else
    echo "no AOT cache was made (status $status):"
    cat "$work/log"
  fi
  rm -rf "$work"
}

# Compiles the load tool to $2, against the jars of $1. In a release it is there already.
compile_client() {
  local sources=$root/bench/src/main/java
  [ -d "$sources" ] && [ -x "$JAVA_HOME/bin/javac" ] &&
    nice -n 19 "$JAVA_HOME/bin/javac" -proc:none -nowarn -d "$2" -cp "$1/plenum.jar" \
      -sourcepath "$sources" "$sources/org/plenum/bench/load/PlenumLoad.java"
}

# Has a server on this machine do what servers do: the page, metrics, a call of ten, one by WHIP and
# WHEP. Returns when it has warmed itself up too. $1 is the port of HTTP, $2 that of management, $3
# the process; what follows runs a class of the load tool.
train_server() {
  local http=$1 management=$2 server=$3 path tries
  shift 3
  for path in / /plenum-client.js /style.css /no-such-page; do
    aot_get "$http" "$path" || return 1
  done
  aot_get "$management" /metrics && aot_get "$management" /readyz || return 1
  "$@" org.plenum.bench.load.PlenumLoad --url="http://127.0.0.1:$http" --conference=10 \
    --warm-up=0 --duration=5 &&
    "$@" org.plenum.bench.load.PlenumLoad --url="http://127.0.0.1:$http" --protocol=whip \
      --viewers=1 --warm-up=0 --duration=1 || return 1
  for ((tries = 0; tries < 300; tries++)); do
    grep -qs plenum-warm-up "/proc/$server"/task/*/comm || break
    sleep 0.2
  done
}

# GET of a path on a port of this machine.
aot_get() {
  { exec 9<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&9
  cat <&9 >/dev/null
  exec 9>&-
}
