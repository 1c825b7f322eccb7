/** The notifier and the presence on Redis: one server, Sentinel, or Cluster. */
@NullMarked
package io.messagecenter.redis;

import org.jspecify.annotations.NullMarked;
