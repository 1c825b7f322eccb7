/** The service, and the bundle that adds it to a Dropwizard application. The only module that knows the adapters. */
@NullMarked
package io.messagecenter.app;

import org.jspecify.annotations.NullMarked;
