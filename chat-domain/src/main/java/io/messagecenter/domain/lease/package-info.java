/** Lets one node at a time do what one node is enough for. */
@NullMarked
package io.messagecenter.domain.lease;

import org.jspecify.annotations.NullMarked;
