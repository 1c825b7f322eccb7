/** People, their names and their passwords. */
@NullMarked
package io.messagecenter.domain.user;

import org.jspecify.annotations.NullMarked;
