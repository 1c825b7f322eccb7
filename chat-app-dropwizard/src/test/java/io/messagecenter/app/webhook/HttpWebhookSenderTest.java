package io.messagecenter.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.HookReceiver;
import io.messagecenter.app.support.HookReceiver.Reply;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import io.messagecenter.domain.webhook.WebhookAnswer;
import io.messagecenter.domain.webhook.WebhookBatch;
import io.messagecenter.domain.webhook.WebhookDelivery;
import io.messagecenter.domain.webhook.WebhookName;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpWebhookSenderTest {
    private static final HttpClient HTTP = HttpWebhookSender.client();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T07:45:26Z"), ZoneOffset.UTC);
    private static final WebhookBatch BATCH = WebhookBatch.of(
            new WebhookName("push"),
            List.of(new WebhookDelivery(
                    new Person(new UserId(7), new Username("bob")),
                    new SessionEnded(new FeedSeq(3), new SessionId(5)))));

    private final HookReceiver receiver = HookReceiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    private WebhookAnswer send(Reply reply) throws InterruptedException {
        receiver.answer(call -> reply);
        return send(receiver.url());
    }

    private static WebhookAnswer send(String url) throws InterruptedException {
        var answer = new HttpWebhookSender(URI.create(url), HookReceiver.SECRET, Duration.ofMillis(500), HTTP, CLOCK)
                .send(BATCH);
        assertThat(answer.reason()).doesNotContain("secret", "in-the-address", "hook");
        return answer;
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void whatIsTakenIsPostedOnceAndSigned(int status) throws Exception {
        assertThat(send(Reply.status(status))).isEqualTo(WebhookAnswer.TAKEN);

        assertThat(receiver.calls()).hasSize(1);
        var call = receiver.calls().get(0);
        assertThat(call.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("message-center-delivery", BATCH.id())
                .containsEntry(
                        "message-center-signature",
                        new Signature(HookReceiver.SECRET).of(CLOCK.instant().getEpochSecond(), call.body()));
        assertThat(call.json())
                .hasToString("{\"version\":1,\"id\":\"" + BATCH.id() + "\",\"webhook\":\"push\",\"deliveries\":"
                        + "[{\"user\":\"bob\",\"event\":{\"seq\":3,\"type\":\"session.ended\",\"session\":5}}]}");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 404, 500, 503})
    void whateverElseIsAnsweredIsNotTaken(int status) throws Exception {
        assertThat(send(Reply.status(status))).isEqualTo(WebhookAnswer.again("status " + status));
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (var elsewhere = HookReceiver.start()) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                assertThat(send(Reply.status(status, "Location", elsewhere.url()))
                                .taken())
                        .isFalse();
            }
            assertThat(elsewhere.calls()).isEmpty();
        }
        assertThat(receiver.calls()).hasSize(5);
    }

    @Test
    void whoIsGoneForGoodIsAskedAsSeldomAsCanBe() throws Exception {
        var answer = send(Reply.status(410));

        assertThat(answer.taken()).isFalse();
        assertThat(answer.pause().orElseThrow()).isGreaterThan(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource({
        "120,120",
        "' 0 ',0",
        "'Sun, 22 Nov 2026 07:46:26 GMT',60",
        "'Sun, 22 Nov 2026 07:45:00 GMT',0",
        "999999999,999999999"
    })
    void theReceiverSaysWhenToComeBack(String value, long seconds) throws Exception {
        for (int status : new int[] {429, 503}) {
            assertThat(send(Reply.status(status, "Retry-After", value)))
                    .isEqualTo(WebhookAnswer.again("status " + status, Duration.ofSeconds(seconds)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "99999999999999999999", "2026-11-22", ""})
    void whatSaysNothingAboutThatIsLeftAlone(String value) throws Exception {
        assertThat(send(Reply.status(503, "Retry-After", value))).isEqualTo(WebhookAnswer.again("status 503"));
    }

    @Test
    void whoHangsIsWaitedForNoLongerThanAllowed() throws Exception {
        for (var reply : List.of(Reply.HANG, Reply.HANG_AFTER_HEADERS)) {
            assertThat(send(reply)).isEqualTo(WebhookAnswer.again("no answer within 500 ms"));
        }
    }

    @Test
    void whoHangsUpOrIsNotThereHasNotTakenIt() throws Exception {
        assertThat(send(Reply.HANG_UP).taken()).isFalse();
        receiver.goAway();
        assertThat(send(receiver.url()).taken()).isFalse();
        receiver.comeBack();
        assertThat(send(Reply.status(200)).taken()).isTrue();
    }

    @Test
    void whatIsTakenIsSoThoughTheAnswerBreaksOff() throws Exception {
        assertThat(send(Reply.brokenOff(200))).isEqualTo(WebhookAnswer.TAKEN);
        assertThat(send(Reply.brokenOff(503)).taken()).isFalse();
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
        assertThat(send(Reply.ENDLESS)).isEqualTo(WebhookAnswer.TAKEN);
    }

    @Test
    void aStopEndsARequest() {
        receiver.answer(call -> Reply.HANG);
        var sender = new HttpWebhookSender(
                URI.create(receiver.url()), HookReceiver.SECRET, Duration.ofMinutes(5), HTTP, CLOCK);
        Thread.currentThread().interrupt();

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> sender.send(BATCH))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void nobodyIsShownTheSecretOrTheAddress() {
        var sender = new HttpWebhookSender(
                URI.create(receiver.url()), HookReceiver.SECRET, Duration.ofSeconds(1), HTTP, CLOCK);

        assertThat(Map.of("sender", sender).toString()).doesNotContain("secret of", "in-the-address");
    }
}
