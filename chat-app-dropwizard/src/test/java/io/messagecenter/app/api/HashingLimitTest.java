package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.GatedStorageFactory;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Service;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More sign-ins at once than there is room for. What holds each of them up is the look for its password. */
@Timeout(60)
class HashingLimitTest {
    private static final int AT_ONCE = 2;
    private static final int WAITING = 256;
    private static final int TOO_MANY = 40;

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger within = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private UserStore gated(UserStore users) {
        var gated = mock(UserStore.class, delegatesTo(users));
        doAnswer(call -> {
                    most.accumulateAndGet(within.incrementAndGet(), Math::max);
                    assertThat(open.await(50, TimeUnit.SECONDS)).isTrue();
                    within.decrementAndGet();
                    throw ChatException.unavailable("enough", new IOException());
                })
                .when(gated)
                .credentials(any(Username.class));
        return gated;
    }

    private static String credentials(String name) {
        return Json.object()
                .put("username", name)
                .put("password", "correct horse")
                .toString();
    }

    private static CompletableFuture<HttpResponse<String>> signIn(Api api) {
        var request = api.request(
                "POST",
                "/api/v1/session/",
                BodyPublishers.ofString(credentials("alice")),
                one -> one.header("Content-Type", "application/json"));
        return Api.HTTP.sendAsync(request, BodyHandlers.ofString());
    }

    private static long done(List<CompletableFuture<HttpResponse<String>>> answers) {
        return answers.stream().filter(CompletableFuture::isDone).count();
    }

    private static String code(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();
        return Json.parse(answer.body()).get("code").asText();
    }

    @Test
    void whoComesWhenTooManyWaitIsAskedToComeAgainAndMessagesGoOn() {
        GatedStorageFactory.gate(this::gated);
        Function<ObjectNode, ObjectNode> gate = configuration -> {
            configuration.putObject("storage").put("type", "gated");
            return configuration.put("hashesAtOnce", AT_ONCE);
        };
        try (var service = Service.inMemory(gate::apply)) {
            var token = service.api()
                    .post("/api/v1/account/", credentials("alice"))
                    .expect(201)
                    .at("/token");
            var alice = service.api().as(token.asText());
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            try {
                for (int i = 0; i < AT_ONCE + WAITING + TOO_MANY; i++) {
                    answers.add(signIn(service.api()));
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(15)) // before any of those that wait is told that it takes too long
                        .until(() -> done(answers) >= TOO_MANY);

                assertThat(done(answers)).isEqualTo(TOO_MANY);
                assertThat(within).hasValue(AT_ONCE);
                alice.send("alice", "goes on").expect(201);
            } finally {
                open.countDown();
            }
            var codes = answers.stream()
                    .map(CompletableFuture::join)
                    .collect(Collectors.groupingBy(HashingLimitTest::code, Collectors.counting()));
            assertThat(codes)
                    .containsEntry("overloaded", (long) TOO_MANY)
                    .containsEntry("unavailable", (long) AT_ONCE + WAITING);
            assertThat(most).hasValue(AT_ONCE);
        } finally {
            GatedStorageFactory.gate(users -> users);
        }
    }
}
