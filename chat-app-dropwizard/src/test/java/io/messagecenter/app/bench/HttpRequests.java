package io.messagecenter.app.bench;

import java.net.InetSocketAddress;

/** Whole requests, for connections that are kept alive. */
final class HttpRequests {
    private final String host;

    HttpRequests(InetSocketAddress server) {
        host = server.getHostString() + ":" + server.getPort();
    }

    /** A POST by whoever the token stands for, of JSON in ASCII. */
    NumberedText post(String path, String token, String json) {
        return new NumberedText(head("POST", path, token) + "Content-Type: application/json\r\nContent-Length: "
                + json.length() + "\r\n\r\n" + json);
    }

    NumberedText get(String path, String token) {
        return new NumberedText(head("GET", path, token) + "\r\n");
    }

    private String head(String method, String path, String token) {
        return method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token
                + "\r\nAccept: application/json\r\n";
    }
}
