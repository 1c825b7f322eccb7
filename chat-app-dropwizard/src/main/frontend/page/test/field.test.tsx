import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
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
