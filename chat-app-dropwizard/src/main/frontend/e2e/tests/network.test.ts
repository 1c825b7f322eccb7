import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.js";

const NO_NETWORK = /ERR_(CONNECTION|EMPTY|SOCKET|INTERNET)|WebSocket connection/;

/** Whose session a page's requests have; undefined if nobody answers. */
async function whoAmI(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    try {
      const answer = await fetch("/api/v1/account/");
      return ((await answer.json()) as { username?: string }).username ?? String(answer.status);
    } catch {
      return undefined;
    }
  });
}

/** Opens the original's channel in a page, which keeps what it hears. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const heard: string[] = [];
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`);
    socket.onmessage = ({ data }) => heard.push(String(data));
    socket.onclose = () => heard.push("closed");
    Object.assign(globalThis, { heard });
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
  });
}

async function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}

test("a page with the session's cookie hears on the socket of what another writes", async ({ visit, person }) => {
  const [alice, bob] = [await person("alice"), await person("bob")];
  const page = await visit({ as: alice });
  expect(await whoAmI(page)).toBe(alice.name);
  await listen(page);
  const { id } = await bob.client.messages.send({ recipient: alice.name, body: "hello", client_id: "1" });
  await expect.poll(() => heard(page)).toEqual([`{"message": "${id}"}`]);
});

test("a service that is killed and restarted has the same address, sessions and messages", async ({
  visit,
  person,
  own,
  watch,
}) => {
  const alice = await person("alice", { at: own.url, exact: true });
  const page = await visit({ as: alice, at: own.url });
  await listen(page);
  const { id } = await alice.client.messages.send({ recipient: "alice", body: "to myself", client_id: "1" });
  await expect.poll(() => heard(page)).toEqual([`{"message": "${id}"}`]);
  watch.allow(NO_NETWORK);
  await own.kill();
  await expect.poll(() => heard(page)).toContain("closed");
  expect(await whoAmI(page)).toBeUndefined();
  await own.restart();
  expect(await whoAmI(page)).toBe("alice");
  expect((await alice.client.messages.with("alice")).results.map((message) => message.id)).toEqual([id]);
});

test("a network that is cut breaks off what is open, and is whole again once it is mended", async ({
  visit,
  person,
  cable,
  watch,
}) => {
  const alice = await person("alice");
  const network = await cable();
  const page = await visit({ as: alice, at: network.url });
  await listen(page);
  watch.allow(NO_NETWORK);
  network.cut();
  await expect.poll(() => heard(page)).toEqual(["closed"]);
  expect(await whoAmI(page)).toBeUndefined();
  network.mend();
  expect(await whoAmI(page)).toBe(alice.name);
  await listen(page);
});

test("a network that falls silent leaves a socket open that hears nothing", async ({ visit, person, cable, watch }) => {
  watch.allow(NO_NETWORK);
  const [alice, bob] = [await person("alice"), await person("bob")];
  const network = await cable();
  const deaf = await visit({ as: alice, at: network.url });
  await listen(deaf);
  network.silence();
  const near = await visit({ as: alice });
  await listen(near);
  const { id } = await bob.client.messages.send({ recipient: alice.name, body: "hello", client_id: "1" });
  await expect.poll(() => heard(near)).toEqual([`{"message": "${id}"}`]);
  expect(await heard(deaf)).toEqual([]);
});

test("a browser that is offline gets no answers, and knows it", async ({ visit, person, watch }) => {
  const alice = await person("alice");
  const page = await visit({ as: alice });
  watch.allow(NO_NETWORK);
  await page.context().setOffline(true);
  expect(await page.evaluate(() => navigator.onLine)).toBe(false);
  expect(await whoAmI(page)).toBeUndefined();
  await page.context().setOffline(false);
  expect(await whoAmI(page)).toBe(alice.name);
});

test("two nodes on MariaDB and Redis are one service, and one of them is enough", async ({
  visit,
  person,
  cluster,
  watch,
}) => {
  test.setTimeout(300_000);
  const [alice, bob] = [
    await person("alice", { at: cluster.url("left") }),
    await person("bob", { at: cluster.url("right") }),
  ];
  const [left, right] = [
    await visit({ as: alice, at: cluster.url("left") }),
    await visit({ as: bob, at: cluster.url("right") }),
  ];
  await Promise.all([listen(left), listen(right)]);
  const { id } = await alice.client.messages.send({ recipient: bob.name, body: "over there", client_id: "1" });
  await expect.poll(() => heard(left)).toEqual([`{"message": "${id}"}`]);
  await expect.poll(() => heard(right)).toEqual([`{"message": "${id}"}`]);
  watch.allow(NO_NETWORK);
  await cluster.kill("left");
  await expect.poll(() => heard(left)).toContain("closed");
  expect(await whoAmI(left)).toBeUndefined();
  expect(await whoAmI(await visit({ as: alice, at: cluster.url("right") }))).toBe(alice.name);
  await cluster.restart("left");
  expect(await whoAmI(left)).toBe(alice.name);
});
