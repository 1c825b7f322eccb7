import { describe, expect, test } from "vitest";
import { ChatClient, type ChatClientOptions } from "../src/client.js";
import { ChatProblem, ConnectionFailed } from "../src/problem.js";
import { World } from "./support/world.js";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** A client whose requests are answered by what is given, one after another. */
function client(
  answers: (Response | Error)[],
  options: Partial<ChatClientOptions> = {},
): { asked: Asked[]; chat: ChatClient; world: World } {
  const world = new World();
  const asked: Asked[] = [];
  world.answer = (url, init) => {
    asked.push({ url, init });
    const answer = answers.shift();
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error("no answer left"));
  };
  return { asked, world, chat: new ChatClient({ url: "https://chat.test/", environment: world, ...options }) };
}

function json(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

const SESSION = { token: "secret", username: "alice", expires: "2027-01-15T08:00:00.000000Z" };

describe("who asks", () => {
  test("the token of a session goes with every request after it, until it ends", async () => {
    const { asked, chat } = client([json(SESSION, {}, 201), json([]), new Response(null, { status: 204 }), json([])]);
    expect(await chat.sessions.signIn("alice", "password")).toEqual(SESSION);
    await chat.sessions.list();
    await chat.sessions.signOut();
    await chat.sessions.list();
    expect(asked.map(({ init }) => (init.headers as Record<string, string>)["Authorization"])).toEqual([
      undefined,
      "Bearer secret",
      "Bearer secret",
      undefined,
    ]);
    expect(asked.map(({ init }) => init.credentials)).toEqual(["omit", "omit", "omit", "omit"]);
    expect(asked[0]?.init).toMatchObject({ method: "POST", body: '{"username":"alice","password":"password"}' });
  });

  test("with the cookie no token is sent or kept", async () => {
    const { asked, chat } = client([json(SESSION, {}, 201), json([])], { auth: "cookie" });
    await chat.accounts.signUp({ username: "alice", password: "password" });
    await chat.sessions.list();
    expect(asked[1]?.init.credentials).toBe("same-origin");
    expect(asked[1]?.init.headers).toEqual({ Accept: "application/json" });
  });

  test("one user's requests say whose they are, in letters that a header can have, and other requests do not", async () => {
    const { asked, chat } = client([json([], { Link: '</api/v1/user/?after=b>; rel="next"' }), json([]), json([])]);
    const { people } = chat.onlyAs("zoë+東");
    const first = await people.list();
    await first.next?.();
    await chat.people.list();
    expect(asked.map(({ init }) => (init.headers as Record<string, string>)["Expected-User"])).toEqual([
      "zo%C3%AB%2B%E6%9D%B1",
      "zo%C3%AB%2B%E6%9D%B1",
      undefined,
    ]);
  });

  test("a host's token is asked for each time", async () => {
    let count = 0;
    const { asked, chat } = client([json([]), json([])], { token: () => Promise.resolve(`token ${++count}`) });
    await chat.sessions.list();
    await chat.sessions.list();
    expect(asked.map(({ init }) => (init.headers as Record<string, string>)["Authorization"])).toEqual([
      "Bearer token 1",
      "Bearer token 2",
    ]);
  });

  test("a host that does not give its token, or not in time, is as a service that does not answer", async () => {
    const failing = client([], { token: () => Promise.reject(new TypeError("fetch failed")) });
    await expect(failing.chat.sessions.list()).rejects.toBeInstanceOf(ConnectionFailed);
    const { chat, world } = client([], { token: () => new Promise(() => undefined), timeout: 3_000 });
    const asked = chat.sessions.list();
    await Promise.all([expect(asked).rejects.toBeInstanceOf(ConnectionFailed), world.pass(3_000)]);
  });

  test("a host's token stays the host's when it signs out", async () => {
    const { asked, chat } = client([new Response(null, { status: 204 }), json([])], { token: () => "of the host" });
    await chat.sessions.signOut();
    await chat.sessions.list();
    expect(asked[1]?.init.headers).toMatchObject({ Authorization: "Bearer of the host" });
  });

  test("signing out of a session that has ended already is as good", async () => {
    const { chat } = client([json({ status: 401 }, {}, 401), json({}, {}, 503)]);
    await chat.sessions.signOut();
    await expect(chat.sessions.signOut()).rejects.toMatchObject({ status: 503 });
  });

  test("signing out as one user leaves somebody else signed in", async () => {
    const { asked, chat } = client([json({ status: 401 }, {}, 401), json([])], { token: "bob's" });
    await chat.onlyAs("alice").sessions.signOut();
    await chat.sessions.list();
    expect(asked[1]?.init.headers).toMatchObject({ Authorization: "Bearer bob's" });
  });

  test("whoever signs in while a sign-out is being answered stays signed in", async () => {
    const { asked, chat, world } = client([json(SESSION, {}, 201), json([])], { token: "old" });
    const { answer } = world;
    let signedOut: (answer: Response) => void = () => undefined;
    world.answer = () => new Promise((resolve) => (signedOut = resolve));
    const signingOut = chat.sessions.signOut();
    await world.settle();
    world.answer = answer;
    await chat.sessions.signIn("alice", "password");
    signedOut(new Response(null, { status: 204 }));
    await signingOut;
    await chat.sessions.list();
    expect(asked[1]?.init.headers).toMatchObject({ Authorization: "Bearer secret" });
  });
});

describe("refusals", () => {
  const PROBLEM = { type: "about:blank", title: "Bad Request", status: 400, detail: "Wrong.", code: "invalid" };

  test("say what is wrong with which field", async () => {
    const { chat } = client([json({ ...PROBLEM, body: ["Too long."], other: 7 }, {}, 400)]);
    const problem = await chat.messages.send({ recipient: "bob", body: "x" }).catch((failure: unknown) => failure);
    expect(problem).toBeInstanceOf(ChatProblem);
    expect(problem).toMatchObject({
      status: 400,
      code: "invalid",
      detail: "Wrong.",
      fieldErrors: { body: ["Too long."] },
    });
    expect((problem as Error).message).toBe("400 invalid: Wrong.");
  });

  test.each([
    ["7", 7],
    ["Fri, 15 Jan 2027 08:00:30 GMT", 30],
    ["Fri, 15 Jan 2027 07:00:00 GMT", 0],
    ["soon", undefined],
  ])("say how long to wait: %s", async (header, seconds) => {
    const { chat } = client([json(PROBLEM, { "Retry-After": header }, 429)]);
    await expect(chat.sessions.list()).rejects.toMatchObject({ status: 429, retryAfter: seconds });
  });

  test("of a proxy are problems, too", async () => {
    const { chat } = client([new Response("<html>", { status: 502, statusText: "Bad Gateway" }), json([], {}, 500)]);
    await expect(chat.sessions.list()).rejects.toMatchObject({
      status: 502,
      code: "unexpected",
      detail: "Bad Gateway",
    });
    await expect(chat.sessions.list()).rejects.toMatchObject({ status: 500, code: "unexpected" });
  });

  test("that never come are failures of the connection", async () => {
    const { chat, world } = client([new TypeError("fetch failed"), new Response("{")]);
    await expect(chat.sessions.list()).rejects.toBeInstanceOf(ConnectionFailed);
    await expect(chat.sessions.list()).rejects.toBeInstanceOf(ConnectionFailed);
    world.answer = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      });
    const hanging = chat.sessions.list().catch((failure: unknown) => failure);
    await world.pass(20_000);
    expect(await hanging).toBeInstanceOf(ConnectionFailed);
    expect(world.timers).toBe(0);
  });
});

test("pages are followed at the service's own address, whatever its proxy calls it", async () => {
  const link = '<http://inside:8080/api/v1/user/?after=b%26b&limit=2>; rel="next"';
  const { asked, chat } = client([json([1, 2], { Link: link }), json([3])]);
  const first = await chat.people.list({ q: "a b", limit: 2 });
  const second = await first.next?.();
  expect(asked.map(({ url }) => url)).toEqual([
    "https://chat.test/api/v1/user/?q=a+b&limit=2",
    "https://chat.test/api/v1/user/?after=b%26b&limit=2",
  ]);
  expect([first.items, second?.items, second?.next]).toEqual([[1, 2], [3], undefined]);
});

test("every call is the contract's", async () => {
  const none = (): Response => new Response(null, { status: 204 });
  const { asked, chat } = client(
    Array.from({ length: 29 }, (_, i) => ([3, 4, 5, 7, 9, 10, 12, 13, 18, 23, 24, 28].includes(i) ? none() : json([]))),
  );
  await chat.accounts.me();
  await chat.accounts.setEmail(null);
  await (await chat.accounts.export()).cancel();
  await chat.accounts.changePassword("old", "new");
  await chat.accounts.forgotPassword({ email: "a@b.test" });
  await chat.accounts.resetPassword("token", "new");
  await chat.sessions.list();
  await chat.sessions.end(7);
  await chat.people.find("a/b");
  await chat.people.block("a b");
  await chat.people.unblock("a b");
  await chat.people.blocked();
  await chat.sessions.endOthers();
  await chat.accounts.erase("password");
  await chat.messages.with("bob", { before: 9, limit: 3 });
  await chat.messages.find(5);
  await chat.messages.edit(5, "better");
  await chat.messages.search("what", { target: "bob", before: 8, limit: 2 });
  await chat.messages.unsend(5);
  await chat.messages.send({ recipient: "bob", body: "x", reply_to: 3, client_id: "k" });
  await chat.events.after(4, 5);
  await chat.conversations.list({ limit: 6 });
  await chat.conversations.find("a b");
  await chat.conversations.markRead("bob", 1);
  await chat.conversations.markDelivered("bob", 2);
  await chat.administration.list({ q: "a" });
  await chat.administration.find("bob");
  await chat.administration.setDisabled("bob", true);
  await chat.administration.erase("bob");
  for (const name of [".", ".."]) {
    await expect(chat.people.find(name), "it would be another address").rejects.toMatchObject({ status: 404 });
    await expect(chat.people.block(name)).rejects.toMatchObject({ status: 404 });
  }
  expect(
    asked.map(({ url, init }) =>
      [init.method, url.replace("https://chat.test/api/v1", ""), init.body as string | undefined]
        .filter((part) => part !== undefined)
        .join(" "),
    ),
  ).toEqual([
    "GET /account/",
    'PATCH /account/ {"email":null}',
    "GET /account/export/",
    'POST /account/password/ {"current_password":"old","new_password":"new"}',
    'POST /password-reset/ {"email":"a@b.test"}',
    'POST /password-reset/confirm/ {"token":"token","new_password":"new"}',
    "GET /session/",
    "DELETE /session/7/",
    "GET /user/a%2Fb/",
    "PUT /block/a%20b/",
    "DELETE /block/a%20b/",
    "GET /block/",
    "DELETE /session/",
    'DELETE /account/ {"password":"password"}',
    "GET /message/?target=bob&before=9&limit=3",
    "GET /message/5/",
    'PATCH /message/5/ {"body":"better"}',
    "GET /message/search/?q=what&target=bob&before=8&limit=2",
    "DELETE /message/5/",
    'POST /message/ {"recipient":"bob","body":"x","reply_to":3,"client_id":"k"}',
    "GET /event/?after=4&limit=5",
    "GET /conversation/?limit=6",
    "GET /conversation/a%20b/",
    'POST /conversation/bob/read/ {"seq":1}',
    'POST /conversation/bob/delivered/ {"seq":2}',
    "GET /admin/account/?q=a",
    "GET /admin/account/bob/",
    'PATCH /admin/account/bob/ {"disabled":true}',
    "DELETE /admin/account/bob/",
  ]);
});
