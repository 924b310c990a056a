# shellcheck shell=bash
# One process of the platform: what became of it, starting, stopping. Each writes <home>/run/<name>.pid,
# two lines: its id and the time of its start in seconds since 1970.

pid_file_of() {
  echo "$run_directory/$1.pid"
}

# Sets process_state to running, gone (it ended by itself), reused (its id now belongs to another
# program) or none (it was never started, or stopped by us), and process_id.
look_at_process() {
  process_state=none
  process_id=
  local file=$run_directory/$1.pid
  [[ -r $file ]] || return 0
  read -r process_id <"$file" || true
  if [[ ! $process_id =~ ^[0-9]+$ ]]; then
    process_state=gone
  elif ! kill -0 "$process_id" 2>/dev/null || is_zombie "$process_id"; then
    process_state=gone
  elif is_our_process "$1" "$process_id"; then
    process_state=running
  else
    process_state=reused
  fi
}

# True if a process has ended and nobody has asked for its exit code yet.
is_zombie() {
  local status
  [[ -r /proc/$1/stat ]] || return 1
  read -r status <"/proc/$1/stat" 2>/dev/null || return 1
  # the state follows the name, which is in parentheses
  [[ ${status##*) } == Z* ]]
}

# Ids are reused by the system: ours carries its name and its home in its command line.
is_our_process() {
  if [[ -r /proc/$2/cmdline ]]; then
    local argument
    while IFS= read -r -d '' argument; do
      [[ $argument != "-Dlikeness.process=$1@$home" ]] || return 0
    done <"/proc/$2/cmdline"
    return 1
  fi
  [[ " $(ps -ww -o command= -p "$2" 2>/dev/null) " == *" -Dlikeness.process=$1@$home "* ]]
}

process_runs() {
  look_at_process "$1"
  [[ $process_state == running ]]
}

any_process_runs() {
  local process
  for process in $processes; do
    if process_runs "$process"; then
      return 0
    fi
  done
  return 1
}

# start_process NAME COMMAND...   in its own process group, so that Ctrl-C reaches this script only.
start_process() {
  local name=$1 log
  shift
  log=$(log_of "$name")
  mkdir -p "$log_directory" "$run_directory"
  [[ ! -f $log ]] || mv -f "$log" "$log.1"
  set -m
  (
    trap '' HUP
    cd "$home" || exit
    exec "$@"
  ) </dev/null >"$log" 2>&1 &
  local id=$!
  set +m
  disown "$id" 2>/dev/null || true
  printf '%s\n%s\n' "$id" "$(date +%s)" >"$run_directory/$name.pid.new"
  mv -f "$run_directory/$name.pid.new" "$run_directory/$name.pid"
  # before it runs the command it does not look like ours, and would be taken for one that has ended
  while kill -0 "$id" 2>/dev/null && ! is_zombie "$id" && ! is_our_process "$name" "$id" 2>/dev/null; do
    sleep 0.02
  done
}

# Asks every given process to end, waits, and ends by force what does not.
stop_processes() {
  local name id waiting
  for name in "$@"; do
    if process_runs "$name"; then
      kill -TERM "$process_id" 2>/dev/null || true
    fi
  done
  local deadline=$((SECONDS + stop_timeout))
  while :; do
    waiting=
    for name in "$@"; do
      if process_runs "$name"; then
        waiting="$waiting $name"
      else
        rm -f "$run_directory/$name.pid"
      fi
    done
    [[ -n $waiting ]] || return 0
    [[ $SECONDS -lt $deadline ]] || break
    show_progress "stopping$waiting"
    sleep 0.1
  done
  clear_progress
  for name in $waiting; do
    process_runs "$name" || continue
    id=$process_id
    if records_startup_cache "$name"; then
      say "$name has been writing its start-up cache for $stop_timeout s; ending it without."
    else
      say "$name (process $id) did not stop within $stop_timeout s; ending it by force."
    fi
    kill -KILL "$id" 2>/dev/null || true
    rm -f "$run_directory/$name.pid"
  done
}

# True if something accepts connections at a port of this machine.
port_is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# True if a service says that it is ready: HTTP 200 at its health address. Running is not enough, a
# service whose gRPC server could not start leaves its process running.
is_ready() {
  local status=
  if [[ $1 == kafka ]]; then
    port_is_taken "$(port_of kafka grpc)"
    return
  fi
  local port
  port=$(port_of "$1" http)
  status=$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 0
    printf 'GET /q/health/ready HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
    IFS= read -r -t 5 line <&3 && printf '%s' "$line"
  ) || true
  [[ $status == HTTP/1.?\ 200* ]]
}

# Prints what listens at a port, as far as it can be found out: "process 123 (nginx)".
holder_of_port() {
  local id=
  if command -v lsof >/dev/null; then
    id=$(lsof -nP -t -iTCP:"$1" -sTCP:LISTEN 2>/dev/null | head -n 1) || true
  fi
  if [[ -z $id && -r /proc/net/tcp ]]; then
    id=$(holder_by_socket "$1") || true
  fi
  if [[ -z $id ]]; then
    echo "another program"
  elif [[ -r /proc/$id/comm ]]; then
    echo "process $id ($(<"/proc/$id/comm"))"
  else
    echo "process $id ($(ps -o comm= -p "$id" 2>/dev/null))"
  fi
}

# Linux without lsof: the socket's inode from /proc/net, then the process that has it open.
holder_by_socket() {
  local port_hex inode link
  port_hex=$(printf '%04X' "$1")
  inode=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$port_hex" '$4 == "0A" && $2 ~ port "$" { print $10; exit }')
  [[ -n $inode ]] || return 1
  for link in /proc/[0-9]*/fd/*; do
    if [[ $(readlink "$link" 2>/dev/null) == "socket:[$inode]" ]]; then
      link=${link#/proc/}
      echo "${link%%/*}"
      return
    fi
  done
  return 1
}

# Prints the resident memory of a process in MB, or nothing.
memory_of() {
  local key value _
  if [[ -r /proc/$1/status ]]; then
    while read -r key value _; do
      if [[ $key == VmRSS: ]]; then
        echo "$((value / 1024))"
        return
      fi
    done <"/proc/$1/status"
  else
    value=$(ps -o rss= -p "$1" 2>/dev/null) && echo "$((value / 1024))"
  fi
}
