package io.messagecenter.mysql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** A data source that lets a test see, and break, what goes through its connections. */
final class Intercepted {
    private Intercepted() {}

    /** Is asked about every call on a connection or a statement, before it and after it. */
    interface Interceptor {
        default void before(Object target, Method method) throws SQLException {}

        default void after(Object target, Method method) throws SQLException {}
    }

    static DataSource dataSource(DataSource pool, Interceptor interceptor) {
        return proxy(DataSource.class, pool, interceptor);
    }

    /** One that adds the statements that are executed to a list, with their values in them. */
    static DataSource recording(DataSource pool, List<String> statements) {
        return dataSource(pool, new Interceptor() {
            @Override
            public void before(Object target, Method method) {
                if (target instanceof PreparedStatement && method.getName().startsWith("execute")) {
                    statements.add(target.toString().replaceFirst("(?s)^.*?: ", ""));
                }
            }
        });
    }

    private static <T> T proxy(Class<T> type, Object target, Interceptor interceptor) {
        var handler = (java.lang.reflect.InvocationHandler) (proxy, method, arguments) -> {
            if (method.getName().equals("unwrap")) {
                return proxy; // a test wants to see everything
            }
            interceptor.before(target, method);
            Object result;
            try {
                result = method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            interceptor.after(target, method);
            if (result instanceof Connection) {
                return proxy(Connection.class, result, interceptor);
            } else if (result instanceof PreparedStatement) {
                return proxy(PreparedStatement.class, result, interceptor);
            } else if (result instanceof Statement
                    && !method.getDeclaringClass().equals(java.sql.ResultSet.class)) {
                return proxy(Statement.class, result, interceptor);
            }
            return result;
        };
        return type.cast(Proxy.newProxyInstance(Intercepted.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
