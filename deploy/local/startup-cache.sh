# shellcheck shell=bash disable=SC2154
# The JVM can remember what it loaded and linked at an earlier start (AOT cache, JEP 483 and 514):
# services then start in half the time and need a quarter less memory. Writing the cache takes some
# seconds when the service stops, which pays from about the fourth start on. So a build that is
# started for the second time records, and from the third time on the cache is used.
#
# A cache is of use to the same JDK, options and jar only: the key beside it names them.

# set_startup_cache NAME JAR   sets the array cache_options.
set_startup_cache() {
  local cache=$aot_directory/$1.aot key=$aot_directory/$1.key wanted recorded=''
  cache_options=()
  rm -f "$aot_directory/$1.records"
  [[ ${LIKENESS_AOT:-} != off ]] || return 0
  mkdir -p "$aot_directory"
  wanted="$jdk $(version_of_jdk "$jdk") $2 $(heap_of "$1") ${LIKENESS_JAVA_OPTS:-}"
  [[ ! -r $key ]] || recorded=$(<"$key")
  if [[ $recorded != "$wanted" || $2 -nt $key ]]; then
    rm -f "$cache" "$cache.config"
    printf '%s\n' "$wanted" >"$key"
  elif [[ -s $cache ]]; then
    cache_options=("-XX:AOTCache=$cache")
  else
    cache_options=("-XX:AOTCacheOutput=$cache")
    : >"$aot_directory/$1.records"
  fi
}

# True if the running process writes a cache when it is asked to stop.
records_startup_cache() {
  [[ -e $aot_directory/$1.records ]]
}
