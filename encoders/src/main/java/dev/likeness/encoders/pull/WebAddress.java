package dev.likeness.encoders.pull;

import java.net.URI;

/** Rules about addresses. */
final class WebAddress {

  private WebAddress() {}

  static boolean isWeb(URI address) {
    String scheme = address.getScheme();
    return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
  }

  /** Whether secrets for one address may be shown to the other. */
  static boolean sameOrigin(URI one, URI other) {
    return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  /** For messages: signed addresses carry secrets in their query. */
  static String printable(URI address) {
    return "%s://%s%s"
        .formatted(address.getScheme(), address.getAuthority(), address.getPath())
        .replaceFirst("//[^/@]*@", "//");
  }

  /** The last part of the path. */
  static String fileName(URI address) {
    String path = String.valueOf(address.getPath());
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }
}
