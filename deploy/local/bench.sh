# shellcheck shell=bash
# Runs the benchmarks of benchmarks/ in a JVM of their own, with the options of the services.

run_bench() {
  local argument
  for argument in "$@"; do
    [[ $argument != --json ]] || json_wanted=yes
  done
  check_settings
  find_jdk
  ensure_built
  trap - EXIT
  local -a options=()
  [[ -z ${LIKENESS_JAVA_OPTS:-} ]] || read -ra options <<<"$LIKENESS_JAVA_OPTS"
  LIKENESS_HOME=$home exec "$jdk/bin/java" -XX:+UseSerialGC -Xmx2g \
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0 \
    "-Dlikeness.root=$root" "-Dlikeness.embedder.address=127.0.0.1:$(port_of embedder grpc)" \
    ${options[@]+"${options[@]}"} -jar "$benchmarks_jar" "$@"
}
