import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useRef, useState } from "react";
import { expect, test } from "vitest";
import Menu from "../src/ui/menu.js";
import { FakeChat } from "./support/session.js";

/** What is chosen takes the place of what had the focus before. */
function Replacing(): ReactNode {
  const text = useRef<HTMLTextAreaElement>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState(true);
  const [chosen, setChosen] = useState("none");
  return (
    <div className="main" ref={setAnchor} tabIndex={-1}>
      {anchor !== null && open && (
        <Menu
          anchor={anchor}
          choices={[
            {
              label: "Replace",
              icon: null,
              choose: () => {
                setChosen("another");
              },
              focus: text,
            },
          ]}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
      <textarea key={chosen} ref={text} aria-label={chosen} />
    </div>
  );
}

test("what is chosen has the focus, also where it was not there before", async () => {
  const fake = await FakeChat.connected("me");
  fake.show(<Replacing />);
  await userEvent.setup().click(await screen.findByRole("menuitem", { name: "Replace" }));
  await waitFor(() => {
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "another" }));
  });
  await new Promise((resolve) => setTimeout(resolve, 0)); // and keeps it
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "another" }));
});
