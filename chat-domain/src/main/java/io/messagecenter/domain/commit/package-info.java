/** Many small requests, one transaction. */
@NullMarked
package io.messagecenter.domain.commit;

import org.jspecify.annotations.NullMarked;
