#!/usr/bin/env bash
# Makes the images of the four services: deploy/images/build.sh [TOOL] [NAME] [TAG]
#   TOOL  docker (default), podman or buildah     NAME  before the service, default 'likeness'     TAG  default 0.1.0
# JAVA_IMAGE in the environment replaces the base image.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
tool=${1:-docker}
name=${2:-likeness}
tag=${3:-0.1.0}

case $tool in
  docker | podman | buildah) ;;
  *)
    echo "build.sh: the tool must be docker, podman or buildah, not '$tool'" >&2
    exit 2
    ;;
esac

for service in embedder index trainer gateway; do
  module=$service-service
  [[ $service != gateway ]] || module=gateway
  application=$root/$module/target/quarkus-app
  if [[ ! -f $application/quarkus-run.jar ]]; then
    echo "build.sh: $module is not packaged; run './likeness build' first" >&2
    exit 3
  fi
  "$tool" build --file "$root/deploy/images/Containerfile" ${JAVA_IMAGE:+--build-arg "JAVA_IMAGE=$JAVA_IMAGE"} \
    --tag "$name/$service:$tag" "$application"
done
