package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.json.ChatJson;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.contract.ForwardingStorage;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An export of 200,000 messages, by what it holds of them rather than by a heap, which says little of it. */
@Timeout(60)
class ExportMemoryTest {
    private static final int MESSAGES = 200_000;
    private static final Person BOB = new Person(new UserId(99), new Username("bob"));

    private final Mailbox mailbox = new Mailbox(new InMemoryStorage());

    /** How many messages the store has handed out, and how many of them have left the export again. */
    private long handedOut;

    private long written;
    private long mostHeld;
    private int mostAtOnce;

    /** One with many messages, which are made when they are asked for. */
    private final class Mailbox extends ForwardingStorage {
        Mailbox(Storage inner) {
            super(inner);
        }

        @Override
        public MailboxSeq lastInMailbox(UserId user) {
            return new MailboxSeq(MESSAGES);
        }

        @Override
        public List<Message> mailbox(UserId user, MailboxSeq from, MailboxSeq to) {
            var page = LongStream.iterate(to.value(), seq -> seq >= from.value(), seq -> seq - 1)
                    .mapToObj(seq -> new Message(
                            new MessageId(seq),
                            BOB,
                            BOB,
                            new MessageBody("message " + seq),
                            Instant.EPOCH,
                            new MessageSeq(seq),
                            Optional.empty()))
                    .toList();
            handedOut += page.size();
            mostAtOnce = Math.max(mostAtOnce, page.size());
            mostHeld = Math.max(mostHeld, handedOut - written);
            return page;
        }
    }

    /** What a client reads, as slowly as it likes: nothing else happens meanwhile, since it is one thread. */
    private final class Client extends OutputStream {
        private static final String MESSAGE = "\"body\":\"message ";
        private int matched;

        @Override
        public void write(int one) {
            matched = one == MESSAGE.charAt(matched) ? matched + 1 : one == MESSAGE.charAt(0) ? 1 : 0;
            if (matched == MESSAGE.length()) {
                matched = 0;
                written++;
            }
        }
    }

    @Test
    void anExportHoldsOnePageOfMessagesAtTheMost() throws IOException {
        try (var center = MessageCenter.builder().storage(mailbox).build()) {
            var alice = center.accounts().register("alice");

            ExportResource.write(center.exportAccount().export(alice), new Client(), ChatJson.mapper());

            assertThat(written).isEqualTo(MESSAGES).isEqualTo(handedOut);
            assertThat(mostAtOnce).isLessThanOrEqualTo(1_000);
            // The page before is out by the time that the next is asked for.
            assertThat(mostHeld).isLessThanOrEqualTo(mostAtOnce);
        }
    }
}
