import { ChatProblem } from "@message-center/client";
import { type ReactNode, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { useSession } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { explain } from "../ui/failure.js";
import { Field } from "../ui/field.js";
import { useTask } from "../ui/use-task.js";
import { AccountForm } from "./account-form.js";

export function SignUp(): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const [account, setAccount] = useState({ username: "", password: "", email: "" });
  const task = useTask(() => session.signUp(account.username.trim(), account.password, account.email.trim()));
  const { failure } = task;
  const code = failure instanceof ChatProblem ? failure.code : undefined;
  const { text, fields } = explain(failure, texts);
  const wrong: typeof fields = code === "username_taken" ? { username: texts.usernameTaken } : fields;
  const sentence = code === "username_taken" ? undefined : code === "forbidden" ? texts.signUpClosed : text;
  const set = (name: keyof typeof account) => (event: React.ChangeEvent<HTMLInputElement>) => {
    setAccount({ ...account, [name]: event.target.value });
  };
  return (
    <AccountForm task={task} text={sentence}>
      <Field
        label={texts.username}
        hint={texts.usernameHint}
        wrong={wrong["username"]}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={150}
        value={account.username}
        onChange={set("username")}
      />
      <Field
        label={texts.password}
        hint={texts.passwordHint}
        wrong={wrong["password"]}
        type="password"
        name="password"
        autoComplete="new-password"
        required
        value={account.password}
        onChange={set("password")}
      />
      <Field
        label={texts.emailOptional}
        hint={texts.emailHint}
        wrong={wrong["email"]}
        type="email"
        name="email"
        autoComplete="email"
        value={account.email}
        onChange={set("email")}
      />
      <Button type="submit" busy={task.busy}>
        {texts.signUp}
      </Button>
    </AccountForm>
  );
}
