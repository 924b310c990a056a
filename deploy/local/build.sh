# shellcheck shell=bash
# Builds when a source is newer than the last build. The stamp is as old as the moment at which that
# build began, and lies in target/, so that `mvn clean` removes it.

build_stamp=$root/target/likeness.built
build_lock=$root/target/likeness.lock
build_log=$log_directory/build.log

# What ./likeness runs: the folders whose sources decide, and the jars that must exist.
build_modules='proto service-kit encoders training evaluation embedder-service index-service trainer-service gateway cli benchmarks'
client_jar=$root/cli/target/likeness-cli.jar
benchmarks_jar=$root/benchmarks/target/likeness-benchmarks.jar
broker_libraries=$root/deploy/local/kafka/target/lib

run_jar_of() {
  echo "$root/$(module_of "$1")/target/quarkus-app/quarkus-run.jar"
}

# True if everything is built and no source, resource, contract or POM has changed since.
is_built() {
  [[ -f $build_stamp && -f $client_jar && -f $benchmarks_jar && -d $broker_libraries ]] || return 1
  local service module
  for service in $services; do
    [[ -f $root/$(module_of "$service")/target/quarkus-app/quarkus-run.jar ]] || return 1
  done
  local -a sources=("$root/pom.xml" "$root/.mvn" "$root/deploy/local/kafka/pom.xml")
  for module in $build_modules; do
    sources+=("$root/$module/pom.xml" "$root/$module/src/main")
  done
  [[ -z $(find "${sources[@]}" -newer "$build_stamp" -print 2>/dev/null | head -n 1) ]]
}

# Builds if needed. A running platform is stopped first: its jars are about to change.
ensure_built() {
  if [[ ${LIKENESS_BUILD:-} == never ]] || is_built; then
    return 0
  fi
  find_maven
  take_lock "$build_lock" "is building"
  if ! is_built; then
    stop_before_build
    build_now
  fi
  release_lock "$build_lock"
}

build_sources() {
  if is_built; then
    say "Everything is built."
  else
    ensure_built
  fi
}

build_now() {
  local started=$SECONDS again=''
  mkdir -p "$log_directory" "$(dirname "$build_stamp")"
  : >"$build_stamp.new"
  [[ -f $build_stamp ]] && again=' what has changed'
  say "Building$again (log: $build_log)."
  # Without the network first: once everything has been downloaded it is faster, and works on a train.
  if ! run_maven -o && lacks_downloads; then
    say "Downloading what is missing; the first build takes a few minutes."
    run_maven || true
  fi
  clear_progress
  if [[ $maven_status -ne 0 ]]; then
    rm -f "$build_stamp.new"
    show_build_errors
    fail 1 BUILD_FAILED "the build failed; the whole log is in $build_log"
  fi
  mv "$build_stamp.new" "$build_stamp"
  say "Built in $((SECONDS - started)) s."
}

# What went wrong, without Maven's advice on how to debug Maven.
show_build_errors() {
  local errors
  errors=$(grep -E '^\[ERROR\] ' "$build_log" | grep -vE 'Help 1|To see the full|Re-run Maven|For more information|After correcting|mvn <args>|COMPILATION ERROR|ERROR\][[:space:]]+at ' | cut -c 9-400 | awk '!seen[$0]++' | head -n 15) || true
  if [[ -n $errors ]]; then
    printf '%s\n' "$errors" | sed 's/^/  | /' >&2
  else
    show_log_tail "$build_log" 30
  fi
}

run_maven() {
  maven_status=0
  (cd "$root" && exec "$maven" "$@" -B -Dmaven.test.skip=true -Dstyle.color=never -pl '!system-tests' package) </dev/null 2>&1 |
    follow_maven || maven_status=${PIPESTATUS[0]}
  return "$maven_status"
}

# Writes the log and shows the module being built.
follow_maven() {
  local line
  : >"$build_log"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$build_log"
    if [[ $line =~ ^\[INFO\]\ Building\ Likeness\ ::\ (.*)\ [0-9].*\[([0-9]+/[0-9]+)\] ]]; then
      show_progress "[${BASH_REMATCH[2]}] ${BASH_REMATCH[1]} ($SECONDS s)"
    elif [[ $line == Downloading\ from* ]]; then
      show_progress "downloading ${line##*/} ($SECONDS s)"
    fi
  done
}

lacks_downloads() {
  grep -qE 'offline mode|has not been downloaded|could not be resolved|was not found in .* during a previous attempt' "$build_log"
}

# The whole truth. Maven's own output and exit code, and everything that is given on to it.
run_tests() {
  if [[ ${1:-} == --soak ]]; then
    shift
    # a thousand kills where it is fifty otherwise, for which half an hour is no sign of a hang
    set -- -Dlikeness.test.soak=true -Dtest.hang="12 h" "$@"
  fi
  find_maven
  take_lock "$build_lock" "is building"
  stop_before_build
  mkdir -p "$(dirname "$build_stamp")"
  : >"$build_stamp.new"
  local status=0
  (cd "$root" && exec "$maven" -B verify "$@") || status=$?
  # Extra arguments may have left modules out, so only a whole pass counts as a build.
  if [[ $status -eq 0 && $# -eq 0 ]]; then
    mv "$build_stamp.new" "$build_stamp"
  else
    rm -f "$build_stamp.new"
  fi
  exit "$status"
}

stop_before_build() {
  any_process_runs || return 0
  say "Stopping the platform: the jars that it runs on are about to be rebuilt."
  platform_down
}
