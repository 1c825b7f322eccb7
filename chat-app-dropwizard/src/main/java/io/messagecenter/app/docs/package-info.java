/** The descriptions of REST and WebSocket, and the pages that show them. */
@NullMarked
package io.messagecenter.app.docs;

import org.jspecify.annotations.NullMarked;
