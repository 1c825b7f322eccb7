package io.messagecenter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HintCodecTest {
    private final HintCodec here = new HintCodec("here");
    private final HintCodec there = new HintCodec("there");

    @Property(tries = 500)
    void whatIsWrittenIsReadAgain(@ForAll("hints") Hint hint) {
        var payload = there.writer().write(hint);

        assertThat(here.read(payload)).contains(hint);
        // Equal names may differ in case; here they must not.
        assertThat(names(here.read(payload).orElseThrow())).isEqualTo(names(hint));
        assertThat(here.isOwn(payload)).isFalse();
        assertThat(there.isOwn(payload)).isTrue();
    }

    @Property(tries = 200)
    void oneWriterWritesManyAsManyWritersDo(@ForAll("hints") Hint one, @ForAll("hints") Hint other) {
        var writer = here.writer();
        var otherSide = Hint.of(new UserId(5), new FeedSeq(7));
        var sameMessage = one.event()
                .map(event -> Hint.of(new UserId(5), new MessageSent(new FeedSeq(7), ((MessageSent) event).message())))
                .orElse(otherSide);

        for (var hint : List.of(one, sameMessage, other, one, otherSide, sameMessage)) {
            assertThat(writer.write(hint)).isEqualTo(here.writer().write(hint));
        }
    }

    @Property(tries = 2_000)
    void randomBytesAreNoHint(@ForAll byte[] payload) {
        assertThatCode(() -> here.read(payload)).doesNotThrowAnyException();
        assertThat(here.read(payload)).isEmpty();
        assertThat(here.isOwn(payload)).isFalse();
    }

    @Property(tries = 500)
    void aPayloadThatWasCutOrLengthenedIsNoHint(@ForAll("hints") Hint hint, @ForAll int at) {
        var whole = there.writer().write(hint);
        var cut = Arrays.copyOf(whole, Math.floorMod(at, whole.length));

        assertThat(here.read(cut)).isEmpty();
        assertThat(here.read((text(whole) + "1").getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Property(tries = 2_000)
    void aDamagedPayloadThrowsNothing(@ForAll("hints") Hint hint, @ForAll int at, @ForAll byte value) {
        var payload = there.writer().write(hint);
        payload[Math.floorMod(at, payload.length)] = value;

        assertThatCode(() -> here.read(payload)).doesNotThrowAnyException();
    }

    @Test
    void thePayloadIsAsDocumented() {
        var alice = new Person(new UserId(1), new Username("alice"));
        var bob = new Person(new UserId(2), new Username("bob"));
        var message = new Message(
                new MessageId(9),
                alice,
                bob,
                new MessageBody("hi \"there\""),
                Instant.parse("2026-11-22T07:45:26.450886Z"),
                new MessageSeq(3),
                Optional.of(new ClientKey("k")));

        assertThat(text(here.writer().write(Hint.of(bob.id(), new MessageSent(new FeedSeq(4), message)))))
                .isEqualTo("{\"v\":1,\"node\":\"here\",\"user\":2,\"seq\":4,\"event\":{\"type\":\"message.sent\","
                        + "\"message\":{\"id\":9,\"sender\":{\"id\":1,\"name\":\"alice\"},"
                        + "\"recipient\":{\"id\":2,\"name\":\"bob\"},\"body\":\"hi \\\"there\\\"\","
                        + "\"sent\":1795333526450886,\"seq\":3,\"client_id\":\"k\"}}}");
        assertThat(text(here.writer().write(Hint.of(bob.id(), new FeedSeq(4)))))
                .isEqualTo("{\"v\":1,\"node\":\"here\",\"user\":2,\"seq\":4}");
    }

    @Property(tries = 500)
    void aSignalIsReadAgainAndIsNoHintAndTheReverse(
            @ForAll("people") Person typist, @ForAll("hints") Hint hint, @ForAll int at) {
        var signal = new Signal.Typing(hint.user(), typist);
        var payload = there.write(signal);

        assertThat(here.readSignal(payload)).contains(signal);
        assertThat(((Signal.Typing) here.readSignal(payload).orElseThrow())
                        .by()
                        .name()
                        .value())
                .isEqualTo(typist.name().value());
        assertThat(here.read(payload)).as("what an older node makes of it").isEmpty();
        assertThat(here.readSignal(there.writer().write(hint))).isEmpty();
        assertThat(here.isOwn(payload)).isFalse();
        assertThat(there.isOwn(payload)).isTrue();
        assertThat(here.readSignal(Arrays.copyOf(payload, Math.floorMod(at, payload.length))))
                .isEmpty();
    }

    @Property(tries = 500)
    void randomBytesAreNoSignal(@ForAll byte[] payload) {
        assertThat(here.readSignal(payload)).isEmpty();
    }

    @Test
    void anotherVersionOrAnIncompleteOneIsNoSignal() {
        for (var payload : List.of(
                "{\"v\":2,\"node\":\"x\",\"user\":2,\"typing\":{\"id\":1,\"name\":\"alice\"}}",
                "{\"v\":1,\"node\":\"x\",\"typing\":{\"id\":1,\"name\":\"alice\"}}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"typing\":{\"id\":1}}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"typing\":7}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"waving\":{\"id\":1,\"name\":\"alice\"}}",
                "7",
                "")) {
            assertThat(here.readSignal(bytes(payload))).as(payload).isEmpty();
        }
        assertThat(text(here.write(new Signal.Typing(new UserId(2), new Person(new UserId(1), new Username("alice"))))))
                .isEqualTo("{\"v\":1,\"node\":\"here\",\"user\":2,\"typing\":{\"id\":1,\"name\":\"alice\"}}");
    }

    @Test
    void membersThatAreNotKnownArePassedOver() {
        assertThat(here.read(
                        bytes("{\"v\":1,\"new\":{\"a\":[1,{\"v\":2}]},\"node\":\"x\",\"user\":2,\"seq\":4,\"z\":[]}")))
                .contains(Hint.of(new UserId(2), new FeedSeq(4)));
    }

    @Test
    void anotherVersionOrEventOrAnIncompleteOneIsNoHint() {
        for (var payload : List.of(
                "{\"v\":2,\"node\":\"x\",\"user\":2,\"seq\":4}",
                "{\"node\":\"x\",\"user\":2,\"seq\":4}",
                "{\"v\":1,\"node\":\"x\",\"seq\":4}",
                "{\"v\":1,\"node\":\"x\",\"user\":2}",
                "{\"v\":1,\"node\":\"x\",\"user\":0,\"seq\":4}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":-4}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":9007199254740992}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":99999999999999999999999}",
                "{\"v\":1,\"node\":\"x\",\"user\":\"2\",\"seq\":4}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":4,\"event\":{\"type\":\"message.edited\"}}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":4,\"event\":{\"type\":\"message.sent\"}}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":4,\"event\":{}}",
                "{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":4,\"event\":7}",
                "[{\"v\":1,\"node\":\"x\",\"user\":2,\"seq\":4}]",
                "7",
                "\"v\"",
                "null",
                "")) {
            assertThat(here.read(bytes(payload))).as(payload).isEmpty();
        }
    }

    private static List<String> names(Hint hint) {
        return hint.event().stream()
                .map(event -> ((MessageSent) event).message())
                .flatMap(message -> List.of(message.sender(), message.recipient()).stream())
                .map(person -> person.name().value())
                .toList();
    }

    @Provide
    static Arbitrary<Hint> hints() {
        var seqs = Arbitraries.longs().between(0, JsonNumber.MAX).map(FeedSeq::new);
        var users = ids().map(UserId::new);
        return Combinators.combine(users, seqs, messages().optional())
                .as((user, seq, message) -> new Hint(user, seq, message.map(found -> new MessageSent(seq, found))));
    }

    private static Arbitrary<Message> messages() {
        var times = Arbitraries.longs()
                .between(-62_135_596_800_000_000L, 253_402_300_799_999_999L)
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        var keys = Arbitraries.strings()
                .withCharRange('!', '~')
                .ofMinLength(1)
                .ofMaxLength(64)
                .map(ClientKey::new)
                .optional();
        return Combinators.combine(
                        ids().map(MessageId::new),
                        people(),
                        people(),
                        bodies(),
                        times,
                        Arbitraries.longs().between(0, JsonNumber.MAX).map(MessageSeq::new),
                        keys)
                .as(Message::new);
    }

    @Provide
    static Arbitrary<Person> people() {
        var names = Arbitraries.strings()
                .withChars("aZ9_.@+-äßÄ漢ア\u0301ﬁ")
                .ofMinLength(1)
                .ofMaxLength(50)
                .map(Username::new);
        return Combinators.combine(ids().map(UserId::new), names).as(Person::new);
    }

    /** Anything that a body may be: no lone surrogates, no control characters, something to see at each end. */
    private static Arbitrary<MessageBody> bodies() {
        var codePoints = Arbitraries.oneOf(
                Arbitraries.integers().between(0x20, 0x7e),
                Arbitraries.integers().between(0xa0, 0xd7ff),
                Arbitraries.integers().between(0xe000, 0xffff),
                Arbitraries.integers().between(0x10000, 0x10ffff),
                Arbitraries.of((int) '\n', (int) '\r', (int) '\t', (int) '"', (int) '\\', 0x2028, 0xfeff));
        return codePoints.list().ofMaxSize(60).map(points -> {
            var text = new StringBuilder("<");
            points.forEach(text::appendCodePoint);
            return new MessageBody(text.append('>').toString());
        });
    }

    private static Arbitrary<Long> ids() {
        return Arbitraries.longs().between(1, JsonNumber.MAX);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
