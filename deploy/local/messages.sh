# shellcheck shell=bash
# Sentences for people. All of them go to standard error, so that standard output holds results only.

# Set while a client command with --json runs: then a failure is a JSON object on standard output, too.
json_wanted=

say() {
  printf '%s\n' "$*" >&2
}

# A line that the next one replaces, on a terminal; nothing elsewhere.
show_progress() {
  [[ -t 2 ]] && printf '\r\033[K%s' "$*" >&2
  return 0
}

clear_progress() {
  [[ -t 2 ]] && printf '\r\033[K' >&2
  return 0
}

# fail EXIT-CODE REASON SENTENCE
fail() {
  clear_progress
  say "likeness: $3"
  [[ -z $json_wanted ]] || printf '{"error":{"reason":"%s","message":"%s"}}\n' "$2" "$(json_text "$3")"
  exit "$1"
}

usage_error() {
  fail 2 INVALID_ARGUMENT "$1"
}

json_text() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  printf '%s' "$text" | LC_ALL=C tr -d '\000-\037'
}

no_arguments() {
  local command=$1
  shift
  [[ $# -eq 0 ]] || usage_error "'./likeness $command' takes no arguments, got '$1'"
}

# The last lines of a log, indented.
show_log_tail() {
  [[ -s $1 ]] && tail -n "${2:-15}" "$1" | sed 's/^/  | /' >&2
  return 0
}
