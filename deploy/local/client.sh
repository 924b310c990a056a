# shellcheck shell=bash
# Runs the client in cli/, and starts the platform for it when it is needed and down.

# The client decides whether a command needs the platform: asked to run without one, it checks its
# arguments and files, does what it can do alone, and otherwise ends with this code before it has
# written anything.
needs_platform=3

run_client() {
  local argument status=0
  for argument in "$@"; do
    [[ $argument != --json ]] || json_wanted=yes
  done
  check_settings
  find_jdk
  ensure_built
  adopt_port_offset
  if ! platform_is_up; then
    LIKENESS_PLATFORM=down client "$@" || status=$?
    [[ $status -eq $needs_platform ]] || exit "$status"
    platform_up
    say "It goes on running; './likeness down' stops it."
  fi
  trap - EXIT
  status=0
  client "$@" || status=$?
  exit "$status"
}

client() {
  local archive=$aot_directory/client.jsa
  local terminal=no
  [[ ! -t 2 ]] || terminal=yes
  mkdir -p "$aot_directory"
  LIKENESS_HOME=$home LIKENESS_TERMINAL=$terminal "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
    -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:cds+dynamic=off \
    --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
    "-Dlikeness.gateway.address=127.0.0.1:$(port_of gateway grpc)" \
    "-Dlikeness.embedder.address=127.0.0.1:$(port_of embedder grpc)" \
    "-Dlikeness.trainer.address=127.0.0.1:$(port_of trainer grpc)" \
    -jar "$client_jar" "$@"
}

# The whole job on drawn images. Leaves the platform as it was found.
run_demo() {
  local started=$SECONDS was_up='' status=0
  check_settings
  find_jdk
  ensure_built
  adopt_port_offset
  if platform_is_up; then
    was_up=yes
  else
    platform_up
    trap 'stop_on_signal' INT TERM
    trap 'platform_down; release_all_locks' EXIT
  fi
  client demo "$@" || status=$?
  if [[ -z $was_up ]]; then
    trap - EXIT
    platform_down
    say "The platform is down again."
  fi
  [[ $status -ne 0 ]] || say "Done in $((SECONDS - started)) s. On your own images: ./likeness compete --data DIR --encoder likeness-mini"
  exit "$status"
}
