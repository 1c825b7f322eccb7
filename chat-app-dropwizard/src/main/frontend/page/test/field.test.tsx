import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { Field } from "../src/ui/field.js";

test("what is wrong with a field stands in the place of its hint", () => {
  const { rerender } = render(<Field label="Name" hint="Letters alone" />);
  const input = screen.getByLabelText("Name");
  const described = (): string | undefined =>
    document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent;
  expect(described()).toBe("Letters alone");
  rerender(<Field label="Name" hint="Letters alone" wrong="Use letters alone" />);
  expect(described()).toBe("Use letters alone");
  expect(screen.queryByText("Letters alone")).toBeNull();
});

test("what was told to be wrong is taken back while it is corrected, and told again if it is so again", async () => {
  const Form = ({ wrong }: { wrong?: string }): React.ReactNode => (
    <Field label="Name" hint="Letters alone" wrong={wrong} />
  );
  const { rerender } = render(<Form wrong="Use letters alone" />);
  const input = screen.getByLabelText("Name");
  const described = (): string | undefined =>
    document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent;
  await userEvent.type(input, "a");
  expect([described(), input.getAttribute("aria-invalid")]).toEqual(["Letters alone", "false"]);
  rerender(<Form />); // it is being sent
  rerender(<Form wrong="Use letters alone" />);
  expect([described(), input.getAttribute("aria-invalid")]).toEqual(["Use letters alone", "true"]);
});

test("what is missing or no address is said at its field, in the words of the page, and by no bubble of the browser", async () => {
  const sent = vi.fn();
  const Form = (): React.ReactNode => {
    const [name, setName] = useState("");
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sent();
        }}
      >
        <Field
          label="Name"
          required
          value={name}
          onChange={({ target }) => {
            setName(target.value);
          }}
        />
        <Field label="Password" type="password" required />
        <Field label="Email" hint="If you like" type="email" />
        <button type="submit">Go</button>
      </form>
    );
  };
  render(<Form />);
  const user = userEvent.setup();
  const [name, password, email] = ["Name", "Password", "Email"].map((label) => screen.getByLabelText(label));
  const said = (): (string | undefined)[] =>
    [name, password, email].map(
      (input) => document.getElementById(input?.getAttribute("aria-describedby") ?? "")?.textContent,
    );
  const go = (): Promise<void> => user.click(screen.getByRole("button", { name: "Go" }));
  await go();
  expect(said()).toEqual(["Please fill this in.", "Please fill this in.", "If you like"]);
  expect(document.activeElement).toBe(name);
  expect(name?.getAttribute("aria-invalid")).toBe("true");
  expect(fireEvent.invalid(name ?? document.body), "the browser says nothing").toBe(false);
  await user.keyboard("alice");
  expect(said()[0]).toBeUndefined();
  await user.type(password ?? document.body, "a long enough one");
  await user.type(email ?? document.body, "alice");
  await go();
  expect(said()).toEqual([undefined, undefined, "This is not an email address."]);
  expect(document.activeElement).toBe(email);
  expect(sent).not.toHaveBeenCalled();
  await user.type(email ?? document.body, "@example.org");
  await go();
  expect(sent).toHaveBeenCalledTimes(1);
});
