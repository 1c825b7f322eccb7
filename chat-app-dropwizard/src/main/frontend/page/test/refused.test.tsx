import { ChatProblem } from "@message-center/client";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { SignUp } from "../src/account/sign-up.js";
import { en } from "../src/i18n/en.js";
import { Session } from "../src/session/session.js";
import { SessionContext } from "../src/session/use-session.js";
import { AccountSettings } from "../src/settings/account-settings.js";
import { FakeChat } from "./support/session.js";

const taken = new ChatProblem({ status: 409, code: "username_taken", detail: "Taken." });
const broken = new ChatProblem({ status: 500, code: "error", detail: "Broken." });
const wrong = (field: string, said: string): ChatProblem =>
  new ChatProblem({ status: 400, code: "invalid", detail: "Some fields are wrong.", fieldErrors: { [field]: [said] } });

/** What is said aloud, wherever the focus is. */
const aloud = (): readonly string[] =>
  [...document.querySelectorAll("[role=alert], [aria-live=assertive]")]
    .map(({ textContent }) => textContent)
    .filter((text) => text !== "");

/** What whoever comes to a field hears of it. */
const described = (input: Element): string | undefined =>
  document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent;

/** Refuses after a moment, as a service does. */
const refusing = (problem: ChatProblem) => async (): Promise<never> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  throw problem;
};

/** Lets everything be said that is to be. */
const settled = async (): Promise<void> => {
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
};

describe("what is refused is said aloud where the focus is in its field, and else by the field that it goes to:", () => {
  test("a name that is taken, each time", async () => {
    const session = new Session("http://chat.test");
    const signUp = vi.spyOn(session, "signUp").mockImplementation(refusing(taken));
    render(
      <SessionContext value={session}>
        <SignUp />
      </SessionContext>,
    );
    const user = userEvent.setup();
    const [name, password] = [screen.getByLabelText(en.username), screen.getByLabelText(en.password)];
    await user.type(password, "a long enough one");
    await user.type(name, "alice{Enter}");
    await waitFor(() => {
      expect([document.activeElement, described(name), aloud()]).toEqual([name, en.usernameTaken, [en.usernameTaken]]);
    });
    const before = screen.getByText(en.usernameTaken, { selector: "[aria-live] *" });
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect(aloud()).toEqual([en.usernameTaken]);
      expect(before.isConnected, "that is anew").toBe(false);
    });
    expect(signUp).toHaveBeenCalledTimes(2);
    await user.keyboard("a");
    expect([described(name), aloud()]).toEqual([en.usernameHint, []]);

    await user.type(password, "{Enter}");
    await waitFor(() => {
      expect([document.activeElement, described(name)]).toEqual([name, en.usernameTaken]);
    });
    await settled();
    expect(aloud(), "it is heard by the focus").toEqual([]);

    signUp.mockImplementation(refusing(broken));
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect(aloud()).toEqual([en.failed]);
    });
  });

  test("what the page itself finds wrong, each time", async () => {
    render(
      <SessionContext value={new Session("http://chat.test")}>
        <SignUp />
      </SessionContext>,
    );
    const user = userEvent.setup();
    const [name, password] = [screen.getByLabelText(en.username), screen.getByLabelText(en.password)];
    await user.click(screen.getByRole("button", { name: en.signUp }));
    await settled();
    expect([document.activeElement, described(name), aloud()]).toEqual([name, en.required, []]);
    await user.keyboard("{Enter}");
    await settled();
    expect(aloud()).toEqual([en.required]);
    await user.type(name, "alice");
    expect(aloud()).toEqual([]);
    await user.type(password, "{Enter}");
    await settled();
    expect([document.activeElement, aloud()]).toEqual([password, [en.required]]);
  });

  test.each([
    ["an address", "setEmail", en.email, en.save, wrong("email", "Enter a valid email address."), en.invalidEmail],
    ["an address, for what reason ever", "setEmail", en.email, en.save, broken, en.failed],
    [
      "a password",
      "changePassword",
      en.newPassword,
      en.changePassword,
      wrong("new_password", "This password is too common."),
      en.tooCommon,
    ],
  ] as const)("%s", async (_, method, label, save, failure, said) => {
    const fake = await FakeChat.connected("me");
    vi.spyOn(fake.chat.client.accounts, method).mockImplementation(refusing(failure));
    fake.show(<AccountSettings />);
    await act(() => fake.pass());
    const user = userEvent.setup();
    const field = screen.getByLabelText(label);
    if (method === "changePassword") {
      await user.type(within(field.closest("form") ?? expect.fail()).getByLabelText(en.currentPassword), "this one");
    }
    await user.type(field, "me@example.org");
    await user.click(screen.getByRole("button", { name: save }));
    await waitFor(() => {
      expect([document.activeElement, described(field)]).toEqual([field, said]);
    });
    await settled();
    expect(aloud()).toEqual([]);
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect([document.activeElement, described(field), aloud()]).toEqual([field, said, [said]]);
    });
  });

  test("the password of an account that is to be erased", async () => {
    const fake = await FakeChat.connected("me");
    vi.spyOn(Session.prototype, "erase").mockImplementation(refusing(wrong("password", "This is not your password.")));
    fake.show(<AccountSettings />);
    await act(() => fake.pass());
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: en.eraseButton }));
    const dialog = await screen.findByRole("alertdialog");
    const field = within(dialog).getByLabelText(en.currentPassword);
    await user.type(field, "another one");
    await user.click(within(dialog).getByRole("button", { name: en.eraseForGood }));
    await waitFor(() => {
      expect([document.activeElement, described(field)]).toEqual([field, en.notYourPassword]);
    });
    await settled();
    expect(aloud()).toEqual([]);
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect(aloud()).toEqual([en.notYourPassword]);
    });
  });
});
