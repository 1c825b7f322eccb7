package io.messagecenter.mysql;

import java.util.logging.Level;
import liquibase.logging.core.AbstractLogService;
import liquibase.logging.core.AbstractLogger;
import org.jspecify.annotations.Nullable;

/** Passes on what Liquibase logs, a level lower than it means: what it does at every start is no news. */
final class LiquibaseLog extends AbstractLogService {
    @Override
    public int getPriority() {
        return PRIORITY_NOT_APPLICABLE; // never chosen by itself for somebody else's Liquibase
    }

    @Override
    @SuppressWarnings("rawtypes") // as the method it overrides has it
    public liquibase.logging.Logger getLog(Class clazz) {
        return new Log(System.getLogger(clazz.getName()));
    }

    private static final class Log extends AbstractLogger {
        private final System.Logger logger;

        Log(System.Logger logger) {
            this.logger = logger;
        }

        @Override
        public void close() {
            // There is nothing to close, nor to wait for.
        }

        @Override
        public void log(Level level, String message, @Nullable Throwable failure) {
            if (level.equals(Level.OFF)) {
                return; // how Liquibase says that it was told to say nothing
            }
            if (failure == null) {
                logger.log(lower(level), message);
            } else {
                logger.log(lower(level), message, failure);
            }
        }

        private static System.Logger.Level lower(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return System.Logger.Level.WARNING;
            } else if (level.intValue() >= Level.WARNING.intValue()) {
                return System.Logger.Level.INFO;
            }
            return level.intValue() >= Level.INFO.intValue() ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE;
        }
    }
}
