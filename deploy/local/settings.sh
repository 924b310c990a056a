# shellcheck shell=bash disable=SC2034
# What is configurable, and where everything lies. Sourced by ./likeness, which sets $root.

home=${LIKENESS_HOME:-$root/.likeness}
case $home in
  /*) ;;
  *) home=$PWD/$home ;;
esac
home=${home%/}
log_directory=$home/log
run_directory=$home/run
aot_directory=$home/aot
roots_file=$home/roots

# Seconds to wait: for a service to become ready, for a process to end after SIGTERM.
start_timeout=${LIKENESS_START_TIMEOUT:-180}
stop_timeout=${LIKENESS_STOP_TIMEOUT:-30}

# In the order in which they start.
services='embedder index trainer gateway'
processes="kafka $services"

# Every port moves by the same offset, so a second platform needs one setting (and its own home).
port_offset=${LIKENESS_PORT_OFFSET:-}

# Prints a port; kinds are grpc (the broker's clients come in there, too), http (management; the
# gateway's pages) and controller (broker only).
port_of() {
  local base
  case $1-$2 in
    gateway-http) base=8080 ;;
    embedder-http) base=8081 ;;
    index-http) base=8082 ;;
    trainer-http) base=8083 ;;
    gateway-grpc) base=9000 ;;
    embedder-grpc) base=9001 ;;
    index-grpc) base=9002 ;;
    trainer-grpc) base=9003 ;;
    kafka-grpc) base=19092 ;;
    kafka-controller) base=19093 ;;
  esac
  echo $((base + port_offset))
}

# Prints the kinds of port a process listens on.
port_kinds_of() {
  case $1 in
    kafka) echo grpc controller ;;
    *) echo grpc http ;;
  esac
}

# Prints the largest heap of a process. Models, vectors and training data of the services lie outside it.
heap_of() {
  case $1 in
    kafka) echo 256m ;;
    gateway) echo 384m ;;
    *) echo 512m ;;
  esac
}

# Prints the folder of a service's module.
module_of() {
  case $1 in
    gateway) echo gateway ;;
    *) echo "$1-service" ;;
  esac
}

log_of() {
  echo "$log_directory/$1.log"
}

check_settings() {
  local name value
  for name in LIKENESS_PORT_OFFSET LIKENESS_START_TIMEOUT LIKENESS_STOP_TIMEOUT; do
    value=${!name:-0}
    [[ $value =~ ^[0-9]{1,5}$ ]] || usage_error "$name must be a whole number, not '$value'"
  done
  [[ ${port_offset:-0} -le 46000 ]] || usage_error "LIKENESS_PORT_OFFSET must be at most 46000, not '$port_offset'"
}
