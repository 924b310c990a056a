# shellcheck shell=bash
# Makes the weights of the built-in encoder, in a JVM of its own, with the libraries of the trainer.

run_pretrain() {
  check_settings
  find_jdk
  ensure_built
  trap - EXIT
  local -a options=()
  [[ -z ${LIKENESS_JAVA_OPTS:-} ]] || read -ra options <<<"$LIKENESS_JAVA_OPTS"
  OMP_WAIT_POLICY=PASSIVE exec "$jdk/bin/java" -Xmx2g \
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0 \
    ${options[@]+"${options[@]}"} -cp "$root/trainer-service/target/quarkus-app/lib/main/*" \
    dev.likeness.training.pretrain.Main "$@"
}
