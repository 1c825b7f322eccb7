import type { Session } from "@message-center/client";
import { Laptop, Smartphone } from "lucide-react";
import { type ReactNode, useRef } from "react";
import type { Texts } from "../i18n/en.js";
import { useTexts } from "../i18n/language.js";
import { useTimes } from "../i18n/times.js";
import { useChat } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { explained } from "../ui/failure.js";
import { useFocusAfter } from "../ui/focus.js";
import { ErrorState } from "../ui/state.js";
import { toast } from "../ui/toast.js";
import { REFRESH, useRefresh } from "../ui/use-refresh.js";
import { useTask } from "../ui/use-task.js";
import { deviceOf } from "./device.js";
import { useLoaded } from "./use-loaded.js";

/** Where I am signed in, and the way to end that. */
export function DeviceSettings(): ReactNode {
  const texts = useTexts();
  const { client } = useChat();
  const sessions = useLoaded(() => client.sessions.list(), "session.ended");
  useRefresh(sessions.load, REFRESH); // no event tells of those that begin
  const ended = useTask(async (id: number | undefined) => {
    await (id === undefined ? client.sessions.endOthers() : client.sessions.end(id));
    toast(texts.sessionEnded);
    sessions.load();
  });
  const { value } = sessions;
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusAfter(value, heading); // the button that was pressed is gone
  if (value === undefined) {
    return sessions.failed ? (
      <ErrorState failure={sessions.failure} retry={sessions.load} />
    ) : (
      <div className="skeleton settings-skeleton" role="status" aria-label={texts.loading} />
    );
  }
  const all = [...value].sort((one, other) => Number(other.current) - Number(one.current));
  return (
    <section className="settings-part">
      <h3 ref={heading} tabIndex={-1}>
        {texts.devicesTitle}
      </h3>
      <p className="settings-hint">{texts.devicesHint}</p>
      <div role="alert">
        {ended.failure !== undefined && <p className="notice wrong">{explained(ended.failure, texts)}</p>}
      </div>
      <ul className="settings-list">
        {all.map((session) => (
          <Device
            key={session.id}
            session={session}
            onEnd={() => {
              if (!ended.busy) {
                void ended.run(session.id);
              }
            }}
          />
        ))}
      </ul>
      {all.length > 1 ? (
        <Button kind="danger-quiet" busy={ended.busy} onClick={() => void ended.run(undefined)}>
          {texts.endOthers}
        </Button>
      ) : (
        <p className="settings-hint">{texts.noOthers}</p>
      )}
    </section>
  );
}

function Device({ session, onEnd }: { readonly session: Session; readonly onEnd: () => void }): ReactNode {
  const texts = useTexts();
  const times = useTimes();
  const { browser, system, phone } = deviceOf(session.device);
  const Icon = phone ? Smartphone : Laptop;
  const name = nameOf(browser, system, session.device, texts);
  return (
    <li>
      <Icon size={22} aria-hidden="true" />
      <div>
        <p className="name settings-strong" title={session.device}>
          {name}
        </p>
        <p className="settings-hint">
          {session.current && <strong>{texts.thisDevice} · </strong>}
          {texts.since(times.full(session.created))}
        </p>
      </div>
      {!session.current && (
        <Button kind="quiet" aria-label={texts.endSessionOf(name)} onClick={onEnd}>
          {texts.endSession}
        </Button>
      )}
    </li>
  );
}

function nameOf(browser: string | undefined, system: string | undefined, device: string, texts: Texts): string {
  if (browser !== undefined && system !== undefined) {
    return texts.deviceOn(browser, system);
  }
  return browser ?? system ?? (device === "" ? texts.unknownDevice : device);
}
