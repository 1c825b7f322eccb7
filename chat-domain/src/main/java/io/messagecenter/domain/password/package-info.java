/** Changing a password, and finding back in without it. */
@NullMarked
package io.messagecenter.domain.password;

import org.jspecify.annotations.NullMarked;
