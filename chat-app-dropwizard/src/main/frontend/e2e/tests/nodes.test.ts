import { parts, write } from "../support/page.js";
import { expect, test } from "../support/test.js";

const NO_NETWORK = /ERR_(CONNECTION|EMPTY|SOCKET|INTERNET)|WebSocket connection|status of 50/;

test("people on two nodes, with MariaDB and Redis, chat as on one, also while one node is away", async ({
  cluster,
  person,
  visit,
  watch,
}) => {
  test.setTimeout(400_000);
  const [left, right] = [cluster.url("left"), cluster.url("right")];
  const [alice, bob] = [await person("alice", { at: left }), await person("bob", { at: right })];
  const here = await visit({ at: left, as: alice, path: `/#with=${bob.name}` });
  const there = await visit({ at: right, as: bob, path: `/#with=${alice.name}` });
  await expect(here.getByText(`Say hello to ${bob.name}`)).toBeVisible();
  await expect(there.getByText(`Say hello to ${alice.name}`)).toBeVisible();
  await write(here, bob.name, "from the left");
  await expect(parts.message(there, "from the left")).toBeVisible();
  await write(there, alice.name, "from the right");
  await expect(parts.message(here, "from the right")).toBeVisible();
  watch.allow(NO_NETWORK);
  await cluster.kill("left");
  await write(there, alice.name, "are you there?");
  await expect(parts.tick(there, "are you there?", "Sent")).toBeVisible();
  await write(here, bob.name, "in a moment");
  await cluster.restart("left");
  await expect(parts.message(here, "are you there?")).toBeVisible();
  await expect(parts.message(there, "in a moment")).toHaveCount(1);
});
