# shellcheck shell=bash
# The platform: a Kafka broker and four services, each in its own JVM.

platform_lock=$run_directory/lock
# Started by this command, so stopped again if it fails.
started_here=

# A running platform keeps its ports: without a setting of ours, its offset is taken over.
adopt_port_offset() {
  local recorded=0
  if [[ -r $run_directory/port-offset ]] && any_process_runs; then
    read -r recorded <"$run_directory/port-offset" || true
    if [[ -n $port_offset && $port_offset != "$recorded" ]]; then
      fail 1 PORT_OFFSET_DIFFERS "the platform in $home runs with LIKENESS_PORT_OFFSET=$recorded, not $port_offset; give that, stop it with './likeness down', or set LIKENESS_HOME to start a second one"
    fi
    port_offset=$recorded
  fi
  port_offset=${port_offset:-0}
}

platform_is_up() {
  local process
  for process in $processes; do
    process_runs "$process" && is_ready "$process" || return 1
  done
}

platform_up_command() {
  local follow=
  case ${1:-} in
    '') ;;
    --foreground) follow=yes ;;
    *) usage_error "'./likeness up' takes --foreground or nothing, got '$1'" ;;
  esac
  check_settings
  find_jdk
  ensure_built
  adopt_port_offset
  if platform_is_up; then
    say "The platform is up."
  else
    platform_up
    say "Pages: http://127.0.0.1:$(port_of gateway http)/   gRPC: 127.0.0.1:$(port_of gateway grpc)   stop: ./likeness down"
  fi
  if [[ -n $follow ]]; then
    trap 'stop_on_signal' INT TERM
    say "Ctrl-C stops the platform."
    follow_logs
  fi
}

# Starts what is not running and waits until everything is ready.
platform_up() {
  local started=$SECONDS process
  mkdir -p "$log_directory" "$run_directory" "$home/kafka"
  [[ -f $roots_file ]] || : >"$roots_file"
  take_lock "$platform_lock" "is starting or stopping the platform"
  trap 'stop_what_was_started' EXIT
  trap 'stop_on_signal' INT TERM
  adopt_port_offset
  for process in $processes; do
    explain_and_forget "$process"
  done
  for process in $processes; do
    process_runs "$process" || require_free_ports "$process"
  done
  echo "$port_offset" >"$run_directory/port-offset"
  say "Starting the platform (state and logs: $home)."
  if ! process_runs kafka; then
    start_broker
  fi
  wait_until_ready kafka
  for process in $services; do
    process_runs "$process" || start_service "$process"
  done
  # shellcheck disable=SC2086
  wait_until_ready $services
  trap - INT TERM
  started_here=
  release_lock "$platform_lock"
  clear_progress
  say "The platform is up after $((SECONDS - started)) s."
}

# One sentence for a process that ended without being stopped.
explain_and_forget() {
  look_at_process "$1"
  case $process_state in
    gone)
      if [[ $1 == kafka ]]; then
        say "$1 (process $process_id) is no longer running; starting it again."
      else
        say "The $1 service (process $process_id) is no longer running; starting it again. Its last log is kept in $(log_of "$1").1"
      fi
      ;;
    reused)
      say "$1 is no longer running, and process $process_id now is another program, which is left alone; starting $1 again."
      ;;
    *) return 0 ;;
  esac
  rm -f "$(pid_file_of "$1")"
}

require_free_ports() {
  local kind port
  for kind in $(port_kinds_of "$1"); do
    port=$(port_of "$1" "$kind")
    if port_is_taken "$port"; then
      fail 1 PORT_TAKEN "port $port, which $1 needs, is taken by $(holder_of_port "$port"); end that, or move all ports of Likeness with LIKENESS_PORT_OFFSET=100"
    fi
  done
}

start_broker() {
  local kafka=$home/kafka cluster_id
  fill_in_broker_settings >"$kafka/server.properties"
  local -a java=("$jdk/bin/java" "-Dlikeness.process=kafka@$home" -XX:+UseSerialGC "-Xmx$(heap_of kafka)"
    --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
    "-XX:ErrorFile=$log_directory/kafka-crash-%p.log" "-Dlog4j2.configurationFile=$root/deploy/local/kafka/log4j2.xml"
    -cp "$broker_libraries/*")
  if [[ ! -f $kafka/data/meta.properties ]]; then
    [[ -s $kafka/cluster-id ]] || new_cluster_id >"$kafka/cluster-id"
    cluster_id=$(<"$kafka/cluster-id")
    if ! "${java[@]}" kafka.tools.StorageTool format -t "$cluster_id" -c "$kafka/server.properties" >"$log_directory/kafka-format.log" 2>&1; then
      show_log_tail "$log_directory/kafka-format.log"
      fail 3 PLATFORM_NOT_STARTED "the Kafka broker could not set up its directory $kafka/data"
    fi
  fi
  start_process kafka "${java[@]}" kafka.Kafka "$kafka/server.properties"
  started_here="$started_here kafka"
}

fill_in_broker_settings() {
  local line
  while IFS= read -r line; do
    line=${line//@broker-port@/$(port_of kafka grpc)}
    line=${line//@controller-port@/$(port_of kafka controller)}
    # in a properties file a backslash escapes
    line=${line//@data-directory@/${home//\\/\\\\}/kafka/data}
    printf '%s\n' "$line"
  done <"$root/deploy/local/kafka/server.properties"
}

# 16 random bytes in URL-safe base64 without padding; never with a dash first, which reads as an option.
new_cluster_id() {
  printf 'L%s\n' "$(LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 20)Q"
}

start_service() {
  local name=$1 jar client option
  jar=$(run_jar_of "$name")
  [[ -f $jar ]] || fail 3 PLATFORM_NOT_STARTED "the $name service is not built; run './likeness build'"
  local -a java=("$jdk/bin/java" "-Dlikeness.process=$name@$home" -XX:+UseSerialGC "-Xmx$(heap_of "$name")"
    -XX:+ExitOnOutOfMemoryError "-XX:ErrorFile=$log_directory/$name-crash-%p.log"
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  # JavaCPP otherwise ends a process that trains at a multiple of its Java heap
  [[ $name != trainer ]] || java+=(-Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0)
  set_startup_cache "$name" "$jar"
  java+=(${cache_options[@]+"${cache_options[@]}"})
  # Several options in one setting are separated by spaces.
  for option in ${LIKENESS_JAVA_OPTS:-}; do
    java+=("$option")
  done
  java+=("-Dlikeness.platform.home=$home" "-Dlikeness.platform.roots-file=$roots_file"
    "-Dquarkus.http.port=$(port_of "$name" http)" "-Dquarkus.grpc.server.port=$(port_of "$name" grpc)"
    "-Dkafka.bootstrap.servers=127.0.0.1:$(port_of kafka grpc)")
  for client in embedder index trainer; do
    java+=("-Dquarkus.grpc.clients.$client.port=$(port_of "$client" grpc)")
  done
  start_process "$name" "${java[@]}" -jar "$jar"
  started_here="$started_here $name"
}

# Waits for all of the given processes, and says which one did not come up, and why.
wait_until_ready() {
  local deadline=$((SECONDS + start_timeout)) waiting=$* name still
  while [[ -n $waiting ]]; do
    still=
    for name in $waiting; do
      if ! process_runs "$name"; then
        clear_progress
        show_log_tail "$(log_of "$name")"
        fail 3 PLATFORM_NOT_STARTED "$name stopped while it was starting; its log is $(log_of "$name")"
      fi
      is_ready "$name" || still="$still $name"
    done
    waiting=${still# }
    [[ -n $waiting ]] || break
    if [[ $SECONDS -ge $deadline ]]; then
      clear_progress
      for name in $waiting; do
        show_log_tail "$(log_of "$name")"
      done
      name=${waiting%% *}
      fail 3 PLATFORM_NOT_STARTED "not ready after $start_timeout s: $waiting; the log of $name is $(log_of "$name") (a slow machine may need LIKENESS_START_TIMEOUT=$((start_timeout * 2)))"
    fi
    show_progress "waiting for $waiting"
    sleep 0.1
  done
}

# A start that fails or is interrupted leaves nothing half started behind.
stop_what_was_started() {
  local names=$started_here
  started_here=
  # shellcheck disable=SC2046,SC2086
  [[ -z $names ]] || stop_processes $(reversed $names)
  release_all_locks
}

stop_on_signal() {
  trap '' INT TERM
  clear_progress
  if [[ -z $started_here ]]; then
    say "Stopping."
    platform_down
  else
    say "Interrupted; stopping what was started."
    stop_what_was_started
  fi
  exit 130
}

reversed() {
  local name all=
  for name in "$@"; do
    all="$name $all"
  done
  echo "$all"
}

platform_down_command() {
  check_settings
  if ! any_process_runs; then
    rm -f "$run_directory"/*.pid
    say "The platform is not running."
    return
  fi
  platform_down
  say "The platform is down."
}

# The gateway first, so that no run meets a service that has gone; the broker last.
platform_down() {
  take_lock "$platform_lock" "is starting or stopping the platform"
  local process
  for process in $services; do
    if process_runs "$process" && records_startup_cache "$process"; then
      say "Stopping takes some seconds this once: the services write down how they start."
      break
    fi
  done
  stop_processes gateway
  stop_processes trainer index embedder
  stop_processes kafka
  clear_progress
  release_lock "$platform_lock"
}

platform_status() {
  local process management memory state all_ready=0
  check_settings
  adopt_port_offset
  printf '%-10s %8s %6s %11s  %-11s %8s\n' service process port management state memory
  for process in $processes; do
    look_at_process "$process"
    memory=
    management=-
    [[ $process == kafka ]] || management=$(port_of "$process" http)
    case $process_state in
      running)
        state='not ready'
        is_ready "$process" && state=ready
        memory=$(memory_of "$process_id")
        memory=${memory:+$memory MB}
        ;;
      none) state=stopped process_id=- ;;
      *) state='crashed' process_id=- ;;
    esac
    [[ $state == ready ]] || all_ready=1
    printf '%-10s %8s %6s %11s  %-11s %8s\n' "$process" "$process_id" "$(port_of "$process" grpc)" \
      "$management" "$state" "${memory:--}"
  done
  return "$all_ready"
}

platform_logs() {
  local follow='' wanted='' argument
  for argument in "$@"; do
    case " $processes build " in
      *" $argument "*) wanted="$wanted $argument" ;;
      *)
        [[ $argument == -f ]] || usage_error "there is no log of '$argument'; there are: $processes build"
        follow=yes
        ;;
    esac
  done
  local name
  local -a files=()
  for name in ${wanted:-$processes}; do
    [[ ! -f $(log_of "$name") ]] || files+=("$(log_of "$name")")
  done
  [[ ${#files[@]} -gt 0 ]] || fail 1 NO_LOGS "there are no logs yet in $log_directory"
  local lines=20
  [[ -z $wanted ]] || lines=100
  if [[ -n $follow ]]; then
    tail -n "$lines" -f "${files[@]}"
  else
    tail -n "$lines" "${files[@]}"
  fi
}

follow_logs() {
  local process
  local -a files=()
  for process in $processes; do
    files+=("$(log_of "$process")")
  done
  tail -n 0 -f "${files[@]}" &
  wait $! || true
}

# Directories below which clients may name files: one per line, read again by the services on change.
roots_command() {
  local directory
  case ${1:-} in
    list)
      [[ ! -f $roots_file ]] || cat "$roots_file"
      ;;
    add)
      [[ $# -eq 2 ]] || usage_error "'./likeness roots add' takes one directory"
      [[ -d $2 ]] || usage_error "there is no directory '$2'"
      directory=$(cd "$2" && pwd -P)
      mkdir -p "$home"
      grep -qxF -- "$directory" "$roots_file" 2>/dev/null || printf '%s\n' "$directory" >>"$roots_file"
      say "The services may read and write below $directory."
      ;;
    *) usage_error "'./likeness roots' needs list, or add DIR" ;;
  esac
}
