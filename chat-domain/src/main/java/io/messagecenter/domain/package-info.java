/** The message center: person-to-person chat to embed. {@link io.messagecenter.domain.MessageCenter} is the front door. */
@NullMarked
package io.messagecenter.domain;

import org.jspecify.annotations.NullMarked;
