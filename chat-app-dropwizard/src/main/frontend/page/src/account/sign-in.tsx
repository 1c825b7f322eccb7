import { type ReactNode, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { useSession } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { explain } from "../ui/failure.js";
import { Field } from "../ui/field.js";
import { useTask } from "../ui/use-task.js";
import { AccountForm } from "./account-form.js";

export function SignIn({
  username,
  onUsername,
}: {
  readonly username: string;
  readonly onUsername: (username: string) => void;
}): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const [password, setPassword] = useState("");
  const task = useTask(() => session.signIn(username.trim(), password));
  const { text, fields } = explain(task.failure, texts);
  return (
    <AccountForm task={task} text={text ?? Object.values(fields)[0]}>
      <Field
        label={texts.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={username}
        onChange={({ target }) => {
          onUsername(target.value);
        }}
      />
      <Field
        label={texts.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={({ target }) => {
          setPassword(target.value);
        }}
      />
      <Button type="submit" busy={task.busy}>
        {texts.signIn}
      </Button>
      <a className="door-forgot" href={hrefOf({ door: "forgot" })}>
        {texts.forgot}
      </a>
    </AccountForm>
  );
}
