import type { ChatClient } from "@message-center/client";
import type { OwnService, Person } from "./test.js";

export type Everybody = Readonly<Record<"dana" | "maya" | "jonas" | "nour", Person>>;

/** People who have something to say to each other; always the same. */
export async function chatter(
  own: OwnService,
  person: (name: string, options: { at: string; exact: boolean }) => Promise<Person>,
): Promise<Everybody> {
  const open = (name: string): Promise<Person> => person(name, { at: own.url, exact: true });
  const people = {
    dana: await open("dana"),
    maya: await open("maya"),
    jonas: await open("jonas"),
    nour: await open("nour"),
  };
  const { dana, maya, jonas, nour } = people;
  const say = (from: { client: ChatClient }, to: Person, body: string, reply_to?: number): Promise<{ id: number }> =>
    from.client.messages.send({ recipient: to.name, body, ...(reply_to !== undefined && { reply_to }) });
  await say(jonas, dana, "The report is in the shared folder.");
  await say(nour, dana, "شكرًا جزيلًا! أراكِ غدًا");
  await say(nour, dana, "🎉");
  await say(maya, dana, "Are we still on for Saturday?");
  await say(dana, maya, "Yes! I found a place by the river.");
  await say(dana, maya, "They open at ten: https://example.org/river-cafe");
  const maps = await say(maya, dana, "Shall I bring the maps from last year? One of them has all the footpaths.");
  await say(dana, maya, "The one with the railway line, please", maps.id);
  const gone = await say(dana, maya, "wrong window");
  await dana.client.messages.unsend(gone.id);
  await say(maya, dana, "See you at the bridge then 👋");
  await dana.client.conversations.markRead("maya", 7);
  await maya.client.conversations.markRead("dana", 7);
  return people;
}
