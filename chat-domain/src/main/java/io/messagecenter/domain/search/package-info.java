/** Finds messages by the words in them. */
@NullMarked
package io.messagecenter.domain.search;

import org.jspecify.annotations.NullMarked;
