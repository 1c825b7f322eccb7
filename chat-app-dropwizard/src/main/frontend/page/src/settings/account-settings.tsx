import { Download, LogOut, Trash } from "lucide-react";
import { type ReactNode, useState } from "react";
import { SignOut } from "../conversation-list/sign-out.js";
import { useTexts } from "../i18n/language.js";
import { useTimes } from "../i18n/times.js";
import { go } from "../route/use-route.js";
import { useChat, useSession } from "../session/use-session.js";
import { Avatar } from "../ui/avatar.js";
import { Button } from "../ui/button.js";
import { explain, explained } from "../ui/failure.js";
import { Field } from "../ui/field.js";
import { LazyQuestion } from "../ui/lazy-question.js";
import { ErrorState } from "../ui/state.js";
import { toast } from "../ui/toast.js";
import { useFocusWrong } from "../ui/use-focus-wrong.js";
import { submitting, useTask } from "../ui/use-task.js";
import { useLoaded } from "./use-loaded.js";

export function AccountSettings(): ReactNode {
  const texts = useTexts();
  const times = useTimes();
  const chat = useChat();
  const account = useLoaded(() => chat.client.accounts.me());
  const [leaving, setLeaving] = useState(false);
  if (account.failed && account.value === undefined) {
    return <ErrorState failure={account.failure} retry={account.load} />;
  }
  return (
    <>
      <div className="settings-me">
        <Avatar user={chat.user} size="large" />
        <div>
          <p className="settings-name name">{chat.user}</p>
          <p className="settings-hint">
            {account.value === undefined ? "\u00a0" : texts.memberSince(times.date(account.value.created))}
          </p>
        </div>
        <Button
          kind="quiet"
          onClick={() => {
            setLeaving(true);
          }}
        >
          <LogOut size={18} />
          {texts.signOut}
        </Button>
      </div>
      {leaving && (
        <SignOut
          onStay={() => {
            setLeaving(false);
          }}
        />
      )}
      {account.value === undefined ? (
        <div className="skeleton settings-skeleton" role="status" aria-label={texts.loading}>
          <div inert>
            <Email email="" onSaved={account.set} />
          </div>
        </div>
      ) : (
        <Email email={account.value.email ?? ""} onSaved={account.set} />
      )}
      <Password />
      <Export />
      <Erase />
    </>
  );
}

function Email({
  email,
  onSaved,
}: {
  readonly email: string;
  readonly onSaved: (account: Awaited<ReturnType<ReturnType<typeof useChat>["client"]["accounts"]["me"]>>) => void;
}): ReactNode {
  const texts = useTexts();
  const { client } = useChat();
  const [entered, setEntered] = useState(email);
  const task = useTask(async () => {
    const chosen = entered.trim();
    onSaved(await client.accounts.setEmail(chosen === "" ? null : chosen));
    toast(texts.saved);
  });
  const { text, fields } = explain(task.failure, texts);
  const form = useFocusWrong<HTMLFormElement>(task.failure);
  return (
    <form ref={form} className="settings-part" onSubmit={submitting(task)}>
      <h3>{texts.emailTitle}</h3>
      <Field
        label={texts.email}
        hint={texts.emailNone}
        wrong={fields["email"] ?? text}
        type="email"
        autoComplete="email"
        value={entered}
        onChange={({ target }) => {
          setEntered(target.value);
        }}
      />
      <Button kind="quiet" type="submit" busy={task.busy}>
        {texts.save}
      </Button>
    </form>
  );
}

function Password(): ReactNode {
  const texts = useTexts();
  const { client, user } = useChat();
  const [{ current, chosen }, setPasswords] = useState({ current: "", chosen: "" });
  const task = useTask(async () => {
    await client.accounts.changePassword(current, chosen);
    setPasswords({ current: "", chosen: "" });
    toast(texts.passwordChanged);
  });
  const { text, fields: wrong } = explain(task.failure, texts);
  const form = useFocusWrong<HTMLFormElement>(task.failure);
  return (
    <form ref={form} className="settings-part" onSubmit={submitting(task)}>
      <h3>{texts.passwordTitle}</h3>
      <p className="settings-hint">{texts.passwordChangeHint}</p>
      <div role="alert">{text !== undefined && <p className="notice wrong">{text}</p>}</div>
      <input hidden type="text" autoComplete="username" value={user} readOnly />
      <Field
        label={texts.currentPassword}
        wrong={wrong["current_password"]}
        type="password"
        autoComplete="current-password"
        required
        value={current}
        onChange={({ target }) => {
          setPasswords({ current: target.value, chosen });
        }}
      />
      <Field
        label={texts.newPassword}
        hint={texts.passwordHint}
        wrong={wrong["new_password"]}
        type="password"
        autoComplete="new-password"
        required
        value={chosen}
        onChange={({ target }) => {
          setPasswords({ current, chosen: target.value });
        }}
      />
      <Button kind="quiet" type="submit" busy={task.busy}>
        {texts.changePassword}
      </Button>
    </form>
  );
}

function Export(): ReactNode {
  const texts = useTexts();
  const { client } = useChat();
  const task = useTask(async () => {
    const blob = await new Response(await client.accounts.export()).blob();
    const url = URL.createObjectURL(blob);
    const link = document.createElement("a");
    link.href = url;
    link.download = "message-center.json";
    link.click();
    setTimeout(() => {
      URL.revokeObjectURL(url);
    }, 60_000);
  });
  return (
    <section className="settings-part">
      <h3>{texts.exportTitle}</h3>
      <p className="settings-hint">{texts.exportHint}</p>
      <div role="alert">
        {task.failure !== undefined && <p className="notice wrong">{explained(task.failure, texts)}</p>}
      </div>
      <Button kind="quiet" busy={task.busy} onClick={() => void task.run()}>
        <Download size={18} />
        {task.busy ? texts.exporting : texts.exportButton}
      </Button>
    </section>
  );
}

function Erase(): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const [asking, setAsking] = useState(false);
  const [password, setPassword] = useState("");
  const task = useTask(async () => {
    await session.erase(password);
    go({}, { replace: true });
  });
  const wrong = task.failure === undefined ? undefined : explained(task.failure, texts);
  const entered = useFocusWrong<HTMLDivElement>(task.failure);
  return (
    <section className="settings-part">
      <h3>{texts.eraseTitle}</h3>
      <p className="settings-hint">{texts.eraseHint}</p>
      <Button
        kind="danger-quiet"
        onClick={() => {
          setAsking(true);
        }}
      >
        <Trash size={18} />
        {texts.eraseButton}
      </Button>
      <LazyQuestion
        open={asking}
        title={texts.eraseConfirm}
        hint={texts.eraseHint}
        answer={texts.eraseForGood}
        busy={task.busy}
        onAnswer={() => void task.run()}
        onClose={() => {
          setAsking(false);
          setPassword("");
          task.forget();
        }}
      >
        <div ref={entered}>
          <Field
            label={texts.currentPassword}
            wrong={wrong}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={({ target }) => {
              setPassword(target.value);
            }}
          />
        </div>
      </LazyQuestion>
    </section>
  );
}
