/** What the tests of the service share: the service itself, clients of it, and a line to a database that can be cut. */
package io.messagecenter.app.support;
