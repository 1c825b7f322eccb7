/** What two people have said to each other, read by sequence number. */
@NullMarked
package io.messagecenter.domain.conversation;

import org.jspecify.annotations.NullMarked;
