/** Gap-free numbers: places in a conversation, in a feed and in a mailbox. */
@NullMarked
package io.messagecenter.domain.seq;

import org.jspecify.annotations.NullMarked;
