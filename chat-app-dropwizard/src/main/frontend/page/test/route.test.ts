import { act, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { hrefOf, parseRoute, type Route } from "../src/route/route.js";
import { belong, currentRoute, go, useAgain, useRoute } from "../src/route/use-route.js";

describe("a place's address", () => {
  test.each<Route>([
    {},
    { with: "bob" },
    { with: "a+b@c d&e=#", at: 17 },
    { search: "" },
    { search: "", searchIn: "bob", with: "carol", at: 3 },
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

describe("whoever is next at the browser", () => {
  afterEach(() => {
    belong(undefined);
  });

  async function moved(move: () => void): Promise<void> {
    const gone = new Promise((resolve) => {
      addEventListener("hashchange", resolve, { once: true });
    });
    move();
    await gone;
  }
  const back = (): Promise<void> =>
    moved(() => {
      history.back();
    });

  test("finds no words in any address, that are kept where they were looked for", async () => {
    belong("alice");
    go({ search: "", with: "carol" });
    go({ search: "my secret", with: "carol" }, { replace: true });
    expect(location.href).not.toContain("secret");
    expect(currentRoute()).toMatchObject({ search: "my secret", with: "carol" });
    await moved(() => {
      location.hash = hrefOf({ ...currentRoute(), at: 3 }); // as a link does
    });
    expect(currentRoute()).toMatchObject({ search: "my secret", at: 3 });
    go({ with: "dave" });
    expect(currentRoute().search).toBeUndefined();
    await back();
    expect(currentRoute()).toMatchObject({ search: "my secret", at: 3 });
  });

  test("is led nowhere where somebody else was", async () => {
    belong("alice");
    go({ search: "my secret", with: "carol" });
    go({ with: "dave" });
    belong(undefined);
    expect(location.hash).toBe("");
    belong("bob");
    go({ with: "erin" });
    await back();
    await back();
    expect(location.hash).toBe("");
    expect(currentRoute()).toMatchObject({ with: undefined, search: undefined });
    expect(JSON.stringify(history.state)).not.toContain("secret");
  });

  test("but whoever comes back to their own session is where they were", () => {
    belong("alice");
    go({ with: "carol" });
    belong("ALICE");
    expect(currentRoute().with).toBe("carol");
    belong("bob");
    expect(currentRoute().with).toBeUndefined();
  });
});
