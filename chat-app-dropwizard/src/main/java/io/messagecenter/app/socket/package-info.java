/** The WebSocket: the original's channel, and message-center.v1. */
@NullMarked
package io.messagecenter.app.socket;

import org.jspecify.annotations.NullMarked;
