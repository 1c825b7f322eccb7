package io.messagecenter.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.messagecenter.app.MessageCenterApplication;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.RawHttp;
import io.messagecenter.app.support.Service;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as {@code config/https.yml} has it, with a certificate for localhost that this test makes. */
@Timeout(60)
class HttpsTest {
    private static final String SECRET = "changeit";

    @TempDir
    private static Path directory;

    private static DropwizardTestSupport<MessageCenterConfiguration> service;
    private static SSLContext trust;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        var store = directory.resolve("keystore.p12");
        makeKeyStore(store);
        service = new DropwizardTestSupport<>(
                MessageCenterApplication.class,
                "config/https.yml",
                ConfigOverride.config("storage.database.url", "jdbc:h2:mem:https"),
                ConfigOverride.config("server.applicationConnectors[0].port", "0"),
                ConfigOverride.config("server.applicationConnectors[0].bindHost", "127.0.0.1"),
                ConfigOverride.config("server.applicationConnectors[0].keyStorePath", store.toString()),
                ConfigOverride.config("server.applicationConnectors[0].keyStorePassword", SECRET),
                ConfigOverride.config("server.adminConnectors[0].port", "0"),
                ConfigOverride.config("logging.level", "WARN"));
        service.before();
        trust = trusting(store);
        http = HttpClient.newBuilder().sslContext(trust).build();
    }

    @AfterAll
    static void stop() {
        Service.end(service);
    }

    private static void makeKeyStore(Path store) throws IOException, InterruptedException {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int answer = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "chat",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        SECRET)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.out").toFile())
                .start()
                .waitFor();
        assertThat(answer).isZero();
    }

    private static SSLContext trusting(Path store) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, SECRET.toCharArray());
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static URI uri(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + service.getLocalPort() + path);
    }

    private static HttpResponse<String> signUp(String name) throws IOException, InterruptedException {
        var body = Json.object().put("username", name).put("password", "correct horse");
        return http.send(
                HttpRequest.newBuilder(uri("https", "/api/v1/account/"))
                        .header("Content-Type", "application/json")
                        .header("Origin", uri("https", "").toString())
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void theCookieIsSecureAndTheBrowserIsKeptOnTls() throws Exception {
        var answer = signUp("alice");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow().toLowerCase(Locale.ROOT))
                .containsPattern("; *secure;")
                .contains("httponly", "samesite=lax");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
    }

    /** Mostly before it has made a request of it that could say by which scheme it came. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | GET /api/v1/% HTTP/1.1~Host: localhost",
                "400 | GET /api/v1/%2e%2e/ HTTP/1.1~Host: localhost",
                "400 | GET /api/v1//user/ HTTP/1.1~Host: localhost",
                "400 | nonsense",
                "505 | GET /api/v1/user/ NONSENSE~Host: localhost",
                "505 | GET /api/v1/user/ HTTP/3.7~Host: localhost",
                "426 | PRI * HTTP/2.0",
                "400 | GET /api/v1/user/ HTTP/1.1",
                "400 | GET /api/v1/user/ HTTP/1.1~Host: [",
                "400 | GET /api/v1/user/ HTTP/1.1~Host: a b",
                "400 | GET /api/v1/user/ HTTP/1.1~Host: localhost~A b: c",
                "400 | GET /api/v1/user/ HTTP/1.1~Host: another.example",
                "400 | POST /api/v1/user/ HTTP/1.1~Host: localhost~Content-Length: x",
                "400 | POST /api/v1/user/ HTTP/1.1~Host: localhost~Transfer-Encoding: nonsense",
                "417 | POST /api/v1/user/ HTTP/1.1~Host: localhost~Expect: nonsense~Content-Length: 1",
                "414 | GET /api/v1/LONG HTTP/1.1~Host: localhost",
                "431 | GET /api/v1/user/ HTTP/1.1~Host: localhost~X: LONG",
                "400 | GET http://localhost:1/ HTTP/1.1~Host: localhost",
            })
    void whatJettyRefusesKeepsTheBrowserOnTlsToo(int status, String request) {
        try (var raw = new RawHttp(trust.getSocketFactory(), service.getLocalPort())) {
            raw.write(RawHttp.bytes(request.replace("~", "\r\n").replace("LONG", "x".repeat(20_000))
                    + "\r\nConnection: close\r\n\r\n"));
            var answer = raw.read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Strict-Transport-Security"))
                    .as(answer.text())
                    .hasValue("max-age=31536000");
        }
    }

    @Test
    void theWebSocketIsThereToo() throws Exception {
        var cookie =
                signUp("bob").headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        var hello = new CompletableFuture<String>();
        var socket = http.newWebSocketBuilder()
                .header("Cookie", cookie)
                .header("Origin", uri("https", "").toString())
                .subprotocols("message-center.v1")
                .buildAsync(uri("wss", "/ws"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket one, CharSequence data, boolean last) {
                        hello.complete(data.toString());
                        return CompletableFuture.completedStage(null);
                    }
                })
                .get(20, TimeUnit.SECONDS);
        assertThat(hello.get(20, TimeUnit.SECONDS)).contains("\"hello\"", "\"bob\"");
        socket.abort();
    }

    /** Whoever can write plain HTTP into a visitor's network can show them a page of this very name. */
    @Test
    void aPageOfPlainHttpIsForeignThoughItsHostAndPortAreTheOwn() throws Exception {
        var cookie =
                signUp("carol").headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        var origin = uri("http", "").toString();

        var change = http.send(
                HttpRequest.newBuilder(uri("https", "/api/v1/account/"))
                        .header("Cookie", cookie)
                        .header("Origin", origin)
                        .method("PATCH", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        var handshake = http.newWebSocketBuilder()
                .header("Cookie", cookie)
                .header("Origin", origin)
                .buildAsync(uri("wss", "/ws"), new WebSocket.Listener() {});

        assertThat(change.statusCode()).isEqualTo(403);
        assertThatThrownBy(() -> handshake.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refusal -> assertThat(
                                refusal.getResponse().statusCode())
                        .isEqualTo(403));
    }

    @Test
    void plainHttpIsNotSpoken() throws Exception {
        try (var plain = new Socket("127.0.0.1", service.getLocalPort())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream()
                    .write("GET /api/v1/account/ HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            var answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("HTTP/");
        }
    }

    @Test
    void aNameThatIsNotTheCertificatesIsRefused() {
        var address = URI.create("https://127.0.0.1:" + service.getLocalPort() + "/api/v1/account/");
        assertThatThrownBy(() -> http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aRenewedCertificateIsTakenIn() throws Exception {
        var reload = URI.create("http://127.0.0.1:" + service.getAdminPort() + "/tasks/reload-ssl");
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(reload)
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
