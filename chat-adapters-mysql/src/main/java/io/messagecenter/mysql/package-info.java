/** The stores of the message center on MySQL, on MariaDB, and on H2 in its MySQL mode. */
@NullMarked
package io.messagecenter.mysql;

import org.jspecify.annotations.NullMarked;
