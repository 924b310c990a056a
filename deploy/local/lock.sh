# shellcheck shell=bash
# A lock is a symbolic link whose target is the id of the process that holds it: made in one step,
# readable by everybody, and recognisably stale when that process is gone.

held_locks=

# take_lock FILE WHAT-THE-HOLDER-DOES
take_lock() {
  local lock=$1 holder told='' waited=0
  mkdir -p "$(dirname "$lock")"
  until ln -s "$$" "$lock" 2>/dev/null; do
    holder=$(readlink "$lock" 2>/dev/null) || continue
    if ! kill -0 "$holder" 2>/dev/null; then
      break_lock "$lock" "$holder"
      continue
    fi
    if [[ -z $told ]]; then
      say "Another ./likeness (process $holder) $2; waiting for it."
      told=yes
    fi
    sleep 0.2
    waited=$((waited + 1))
    [[ $waited -lt 3000 ]] || fail 1 LOCKED "process $holder has held $lock for ten minutes; end it, or remove the file if it is no ./likeness"
  done
  held_locks="$held_locks$lock"$'\n'
}

# Moves a stale lock away; should a new holder have been quicker, it gets its lock back.
break_lock() {
  local aside=$1.stale.$$
  mv "$1" "$aside" 2>/dev/null || return 0
  [[ $(readlink "$aside") == "$2" ]] || ln -s "$(readlink "$aside")" "$1" 2>/dev/null || true
  rm -f "$aside"
}

release_lock() {
  [[ $(readlink "$1" 2>/dev/null) != "$$" ]] || rm -f "$1"
  held_locks=${held_locks//"$1"$'\n'/}
}

release_all_locks() {
  local lock
  while IFS= read -r lock; do
    [[ -z $lock ]] || release_lock "$lock"
  done <<<"$held_locks"
}
