# shellcheck shell=bash
# Finds a JDK 25 (whatever the default Java is) and Maven.

jdk_version=25
jdk=
maven=

# Sets jdk, or fails with what to install.
find_jdk() {
  [[ -z $jdk ]] || return 0
  local candidate version found=''
  while IFS= read -r candidate; do
    [[ -x $candidate/bin/javac ]] || continue
    version=$(version_of_jdk "$candidate")
    if [[ ${version%%[.+-]*} == "$jdk_version" ]]; then
      jdk=$candidate
      export JAVA_HOME=$jdk
      return 0
    fi
    found="$found, $version in $candidate"
  done < <(jdk_candidates)
  [[ -n $found ]] && found=" (found ${found:2})"
  fail 1 JDK_NOT_FOUND "a JDK $jdk_version is needed$found. Install one, for example from https://adoptium.net/temurin/releases/?version=$jdk_version ('sdk install java $jdk_version-tem', 'brew install openjdk@$jdk_version' or 'apt install openjdk-$jdk_version-jdk'), or set JAVA_HOME to it"
}

# One directory per line, the likeliest first. LIKENESS_JDK_DIRS (separated by colons) replaces the
# places where systems and version managers put JDKs.
jdk_candidates() {
  [[ -z ${JAVA_HOME:-} ]] || echo "$JAVA_HOME"
  jdk_of_path || true
  if [[ -x /usr/libexec/java_home && -z ${LIKENESS_JDK_DIRS:-} ]]; then
    /usr/libexec/java_home -v "$jdk_version" 2>/dev/null || true
  fi
  local places directory candidate
  places=${LIKENESS_JDK_DIRS:-/usr/lib/jvm:/usr/lib64/jvm:/usr/java:/usr/local/java:/opt:/opt/java:/opt/homebrew/opt:/usr/local/opt:/Library/Java/JavaVirtualMachines:${HOME:-/}/.sdkman/candidates/java:${HOME:-/}/.jdks:${HOME:-/}/.local/share/mise/installs/java:${HOME:-/}/.asdf/installs/java:${HOME:-/}/Library/Java/JavaVirtualMachines}
  while IFS= read -r -d : directory; do
    for candidate in "$directory"/*; do
      if [[ -d $candidate/Contents/Home ]]; then
        echo "$candidate/Contents/Home"
      elif [[ -d $candidate/libexec/openjdk.jdk ]]; then
        echo "$candidate/libexec/openjdk.jdk/Contents/Home"
      else
        echo "$candidate"
      fi
    done
  done <<<"$places:"
}

# The home of the java command, through symbolic links.
jdk_of_path() {
  local java target
  java=$(command -v java) || return 1
  while [[ -L $java ]]; do
    target=$(readlink "$java")
    [[ $target == /* ]] || target=$(dirname "$java")/$target
    java=$target
  done
  (cd "$(dirname "$java")/.." && pwd -P)
}

# JDKs write their version into the file 'release'; one that does not is asked.
version_of_jdk() {
  local key value
  if [[ -r $1/release ]]; then
    while IFS='=' read -r key value; do
      if [[ $key == JAVA_VERSION ]]; then
        value=${value//\"/}
        echo "${value%$'\r'}"
        return
      fi
    done <"$1/release"
  fi
  "$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1
}

# Sets maven, or fails with what to install.
find_maven() {
  [[ -z $maven ]] || return 0
  if [[ -n ${MAVEN_HOME:-} && -x $MAVEN_HOME/bin/mvn ]]; then
    maven=$MAVEN_HOME/bin/mvn
  elif ! maven=$(command -v mvn); then
    fail 1 MAVEN_NOT_FOUND "Maven is needed to build, 3.8.7 or newer. Install it from https://maven.apache.org/download.cgi ('sdk install maven', 'brew install maven' or 'apt install maven'), or set MAVEN_HOME to it"
  fi
}
