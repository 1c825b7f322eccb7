import { DirectionProvider } from "@base-ui/react/direction-provider";
import { Unplug } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useSpeech, useTexts } from "./i18n/language.js";
import { pane } from "./parts/part.js";
import { parseRoute, RESET } from "./route/route.js";
import { useRoute } from "./route/use-route.js";
import type { Session } from "./session/session.js";
import { ChatContext, SessionContext, useSessionState } from "./session/use-session.js";
import { Failsafe } from "./shell/failsafe.js";
import { Shell } from "./shell/shell.js";
import { ShellSkeleton } from "./shell/shell-skeleton.js";
import { Button } from "./ui/button.js";
import { findFocus } from "./ui/focus.js";
import { State } from "./ui/state.js";
import { Toasts } from "./ui/toast.js";
import "./ui/ui.css";

const Door = pane("account/door", () => import("./account/door.js"));

export function App({ session }: { readonly session: Session }): ReactNode {
  const { direction } = useSpeech();
  return (
    <Failsafe>
      <DirectionProvider direction={direction}>
        <SessionContext value={session}>
          <Screen session={session} />
          <Toasts />
        </SessionContext>
      </DirectionProvider>
    </Failsafe>
  );
}

function Screen({ session }: { readonly session: Session }): ReactNode {
  const texts = useTexts();
  const state = useSessionState();
  const resetToken = useResetToken();
  const before = useRef(state.name);
  useEffect(() => {
    if (before.current === "signedOut" && state.name === "signedIn") {
      findFocus(); // the form is gone
    }
    before.current = state.name;
  }, [state.name]);
  if (resetToken !== undefined) {
    return <Door resetToken={resetToken} />;
  }
  switch (state.name) {
    case "starting":
      return <ShellSkeleton />;
    case "unreachable":
      return (
        <main className="whole">
          <State icon={Unplug} title={texts.unreachable} heading="h1">
            <p role="status">{texts.unreachableHint}</p>
            <Button kind="quiet" onClick={() => void session.start()}>
              {texts.tryNow}
            </Button>
          </State>
        </main>
      );
    case "signedOut":
      return <Door notice={state.notice} user={state.user} fallback={<ShellSkeleton />} />;
    case "signedIn":
      return (
        <ChatContext value={state.chat} key={state.chat.user}>
          <Shell />
        </ChatContext>
      );
  }
}

/** The token of a mailed link. It is taken out of the address at once, so that it is in no history and no screenshot. */
function useResetToken(): string | undefined {
  const route = useRoute();
  const [token, setToken] = useState<string | undefined>(() => parseRoute(location.hash).resetToken);
  if (route.resetToken !== undefined && route.resetToken !== token) {
    setToken(route.resetToken);
  }
  useEffect(() => {
    if (route.resetToken !== undefined) {
      history.replaceState(history.state, "", `#${RESET}`);
    }
  }, [route.resetToken]);
  useEffect(() => {
    const leave = (): void => {
      const there = new URLSearchParams(location.hash.slice(1)).has(RESET);
      if (!there) {
        setToken(undefined);
      }
    };
    addEventListener("hashchange", leave);
    return () => {
      removeEventListener("hashchange", leave);
    };
  }, []);
  return token;
}
