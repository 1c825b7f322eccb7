package io.messagecenter.redis;

import static io.messagecenter.redis.Nodes.QUICK;
import static io.messagecenter.redis.Samples.freshUser;
import static io.messagecenter.redis.Samples.hint;
import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redis behind TLS, with a certificate for 127.0.0.1 that this test makes and lets the JVM trust. */
@Timeout(60)
class TlsTest {
    private static final char[] SECRET = "changeit".toCharArray();

    @TempDir
    private Path directory;

    private final String prefix = Nodes.freshPrefix();
    private final int port = TestRedis.freePort();

    @BeforeEach
    void trust() throws Exception {
        var store = directory.resolve("store.p12");
        int answer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=redis",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(SECRET))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.out").toFile())
                .start()
                .waitFor();
        assertThat(answer).isZero();
        writePem(store);
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", new String(SECRET));
    }

    @AfterEach
    void trustNoLonger() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
    }

    private void writePem(Path store) throws GeneralSecurityException, IOException {
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, SECRET);
        }
        // As a trust store it must hold the certificate by itself, not as a part of the key's entry.
        var certificate = keys.getCertificate("redis");
        Files.writeString(
                directory.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("redis", SECRET).getEncoded()));
        Files.writeString(directory.resolve("cert.pem"), pem("CERTIFICATE", certificate.getEncoded()));
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, SECRET);
        trusted.setCertificateEntry("redis", certificate);
        try (var out = Files.newOutputStream(store)) {
            trusted.store(out, SECRET);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    private TestRedis.Server start() {
        return TestRedis.start(
                "--port",
                "0",
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                directory.resolve("cert.pem").toString(),
                "--tls-key-file",
                directory.resolve("key.pem").toString(),
                "--tls-ca-cert-file",
                directory.resolve("cert.pem").toString(),
                "--tls-auth-clients",
                "no");
    }

    private RedisNotifier node() {
        return Nodes.connected(RedisNotifier.builder(RedisAddress.of("rediss://127.0.0.1:" + port))
                .prefix(prefix)
                .timeout(QUICK)
                .build());
    }

    @Test
    void hintsTravelOverTlsAndAHangingServerIsNoticed() {
        var alice = freshUser();
        try (var redis = start();
                var publisher = node();
                var listening = node()) {
            var recorder = new Recorder();
            listening.subscribe(alice, recorder);
            soon().until(() -> recorder.lost() > 0);

            publisher.publish(List.of(hint(alice, 1)));
            soon().until(() -> recorder.lastSeq() == 1);

            // So much that a write is stuck.
            var flood = LongStream.range(2, 2_000)
                    .mapToObj(seq -> hint(alice, seq, "x".repeat(20_000)))
                    .toList();
            redis.freeze();
            publisher.publish(flood);
            soon().until(() -> !publisher.isConnected() && !listening.isConnected());
            redis.thaw();
            soon().until(() -> recorder.lost() > 1);
            soon().until(publisher::isConnected);
            publisher.publish(List.of(hint(alice, 2_000)));
            soon().until(() -> recorder.lastSeq() == 2_000);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        var lines = new CopyOnWriteArrayList<String>();
        var logger = Logger.getLogger(RedisNotifier.class.getName());
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try (var redis = start();
                var right = Nodes.notifier("rediss://127.0.0.1:" + port, prefix);
                var wrong = RedisNotifier.builder(RedisAddress.of("rediss://localhost:" + port))
                        .timeout(QUICK)
                        .build()) {
            assertThat(right.isConnected()).isTrue();
            soon().until(() -> lines.stream().anyMatch(line -> line.contains("rediss://localhost:" + port)));
            assertThat(wrong.isConnected()).isFalse();
        } finally {
            logger.removeHandler(handler);
        }
    }
}
