package io.messagecenter.app.operate;

import io.dropwizard.lifecycle.ServerLifecycleListener;
import io.messagecenter.app.auth.HashingExecutor;
import io.messagecenter.app.socket.Sockets;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when the service is ready, and stops it in good order.
 *
 * <p>Before Jetty stops: takes no more connections, and closes the sockets in good order. Jetty itself then finishes the
 * requests that it has, and whatever is managed stops after that.
 */
public final class ReadyAndStop implements ServerLifecycleListener, LifeCycle.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyAndStop.class);

    private final Sockets sockets;
    private final HashingExecutor hashing;

    public ReadyAndStop(Sockets sockets, HashingExecutor hashing) {
        this.sockets = sockets;
        this.hashing = hashing;
    }

    @Override
    public void serverStarted(Server server) {
        server.addEventListener(this);
        for (var connector : server.getConnectors()) {
            if (connector instanceof NetworkConnector network) {
                LOG.info("Ready: {} on port {}", connector.getName(), network.getLocalPort());
            }
        }
    }

    @Override
    public void lifeCycleStopping(LifeCycle server) {
        LOG.info("Stopping");
        if (server instanceof Server jetty) {
            for (var connector : jetty.getConnectors()) {
                if (connector instanceof NetworkConnector network) {
                    network.close(); // to shut it down would cut off what has been quiet for a second, too
                }
            }
        }
        hashing.refuse();
        sockets.stop();
    }
}
