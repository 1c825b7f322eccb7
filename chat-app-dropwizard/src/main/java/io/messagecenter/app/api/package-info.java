/** The REST API. */
@NullMarked
package io.messagecenter.app.api;

import org.jspecify.annotations.NullMarked;
