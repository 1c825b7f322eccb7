/** What befalls whole accounts: they are administrated, taken along, and erased. */
@NullMarked
package io.messagecenter.domain.account;

import org.jspecify.annotations.NullMarked;
