/** What stands between the open internet and the API: from which page a request comes, and what browsers are told. */
@NullMarked
package io.messagecenter.app.edge;

import org.jspecify.annotations.NullMarked;
