import { CloudOff, RefreshCw, SaveOff } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { useOnline } from "../session/use-online.js";
import { useChat, useOfChat } from "../session/use-session.js";
import { Button } from "../ui/button.js";

/** A connection that comes back so soon is not worth a word; nor does the model forget by then who was there. */
const PATIENCE = 1_200;

/** Says when there is no connection, and what is done about it; and when leaving the page would lose something. */
export function Banner(): ReactNode {
  const texts = useTexts();
  const chat = useChat();
  const state = useOfChat((chat) => chat.state);
  const halted = useOfChat((chat) => chat.halted);
  const online = useOnline();
  const stalled = useOfChat((chat) => chat.stalled);
  const away = stalled || state.name === "waiting" || state.name === "connecting";
  const late = useLate(away || !online, PATIENCE);
  const unkept = useOfChat((chat) => chat.unkept);
  const lost = useLate(unkept, PATIENCE);
  const seconds = useSecondsUntil(state.name === "waiting" ? state.until : undefined);

  let content: ReactNode = null;
  if (halted && !lost) {
    content = (
      <>
        <span>{texts.halted}</span>
        <Button
          kind="plain"
          onClick={() => {
            location.reload();
          }}
        >
          {texts.reload}
        </Button>
      </>
    );
  } else if (!online) {
    content = (
      <>
        <CloudOff size={18} aria-hidden="true" />
        <span>{texts.offline}</span>
      </>
    );
  } else if (away && late) {
    content = (
      <>
        <RefreshCw size={18} aria-hidden="true" />
        <span aria-hidden={seconds > 0 || undefined}>
          {seconds > 0 ? texts.reconnectingIn(seconds) : texts.reconnecting}
        </span>
        {seconds > 0 && <span className="unseen">{texts.reconnecting}</span>}
        {seconds > 2 && (
          <Button
            kind="plain"
            onClick={() => {
              chat.wake();
            }}
          >
            {texts.tryNow}
          </Button>
        )}
      </>
    );
  }
  return (
    <>
      <div role="status" className="banner" data-shown={content !== null || undefined}>
        {content}
      </div>
      <div role="status" className="banner" data-shown={lost || undefined}>
        {lost && (
          <>
            <SaveOff size={18} aria-hidden="true" />
            <span>{texts.unkept}</span>
          </>
        )}
      </div>
    </>
  );
}

/** Whether something has been so for some time. */
function useLate(is: boolean, patience: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!is) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setLate(true);
    }, patience);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [is, patience]);
  return is && late;
}

function useSecondsUntil(until: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === undefined) {
      return undefined;
    }
    const tick = (): void => {
      setNow(Date.now());
    };
    const first = setTimeout(tick, 0);
    const timer = setInterval(tick, 1_000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [until]);
  return until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1_000));
}
