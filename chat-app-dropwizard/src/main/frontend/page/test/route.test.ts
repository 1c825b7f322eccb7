import { act, renderHook } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { hrefOf, parseRoute, type Route } from "../src/route/route.js";
import { go, useAgain, useRoute } from "../src/route/use-route.js";

describe("a place's address", () => {
  test.each<Route>([
    {},
    { with: "bob" },
    { with: "a+b@c d&e=#", at: 17 },
    { search: "" },
    { search: "two words", searchIn: "bob", with: "carol", at: 3 },
    { people: true, with: "bob" },
    { settings: "devices" },
    { door: "sign-up" },
  ])("says all of %o", (route) => {
    const defined = Object.fromEntries(
      Object.entries(parseRoute(hrefOf(route))).filter(([, value]) => value !== undefined),
    );
    expect(defined).toEqual(route);
  });

  test("takes no nonsense", () => {
    expect(parseRoute("#at=-1&settings=nothing&door=x")).toMatchObject({ at: undefined, settings: "account" });
    expect(parseRoute("#at=1e400").at).toBeUndefined();
    expect(parseRoute("#with=&search=&in=")).toMatchObject({ with: undefined, search: "", searchIn: undefined });
  });

  test("never carries a token on", () => {
    const route = parseRoute("#password-reset=secret");
    expect(route.resetToken).toBe("secret");
    expect(hrefOf(route)).not.toContain("secret");
  });
});

test("going to the same place again is told, and is no place of its own on the way back", () => {
  const { result } = renderHook(() => ({ again: useAgain(), route: useRoute() }));
  const { again } = result.current;
  const { length } = history;
  for (let i = 0; i < 3; i++) {
    act(() => {
      go({ with: "bob", at: 7 });
    });
  }
  expect(result.current).toEqual({ again: again + 2, route: { with: "bob", at: 7 } });
  expect(history.length).toBe(length + 1);
});
