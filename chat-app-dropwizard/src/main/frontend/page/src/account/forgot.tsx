import { type ReactNode, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { useSession } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { explained } from "../ui/failure.js";
import { Field } from "../ui/field.js";
import { useTask } from "../ui/use-task.js";
import { AccountForm } from "./account-form.js";

/** Has a link mailed. Whether there is such an account it does not say, as the service does not either. */
export function Forgot({
  user,
}: {
  /** Who wished to sign in, as far as that was said. */
  readonly user: string;
}): ReactNode {
  const texts = useTexts();
  const { client } = useSession();
  const [whose, setWhose] = useState(user);
  const [sent, setSent] = useState(false);
  const task = useTask(async () => {
    setSent(false);
    const name = whose.trim();
    // A name may have an @ as well, but an address has a dot behind it.
    await client.accounts.forgotPassword(/@[^@\s]+\.[^@\s]+$/.test(name) ? { email: name } : { username: name });
    setSent(true);
  });
  return (
    <AccountForm task={task} text={task.failure === undefined ? undefined : explained(task.failure, texts)}>
      <div role="status">{sent && <p className="notice">{texts.linkSent}</p>}</div>
      <Field
        label={texts.usernameOrEmail}
        hint={texts.forgotHint}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={whose}
        onChange={({ target }) => {
          setWhose(target.value);
          setSent(false);
        }}
      />
      <Button type="submit" busy={task.busy}>
        {texts.sendLink}
      </Button>
    </AccountForm>
  );
}
