/** How the domain looks in JSON. */
@NullMarked
package io.messagecenter.app.json;

import org.jspecify.annotations.NullMarked;
