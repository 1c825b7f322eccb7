/** Several processes of the service, on one MariaDB and one Redis. */
@NullMarked
package io.messagecenter.app.cluster;

import org.jspecify.annotations.NullMarked;
