/** Who does not want to hear from whom. */
@NullMarked
package io.messagecenter.domain.block;

import org.jspecify.annotations.NullMarked;
