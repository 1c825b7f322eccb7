/** Where everything is kept: one component that holds the stores. */
@NullMarked
package io.messagecenter.domain.storage;

import org.jspecify.annotations.NullMarked;
