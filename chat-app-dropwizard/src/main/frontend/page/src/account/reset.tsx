import { type ReactNode, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { go } from "../route/use-route.js";
import { useSession } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { explain } from "../ui/failure.js";
import { Field } from "../ui/field.js";
import { useTask } from "../ui/use-task.js";
import { AccountForm } from "./account-form.js";

/** Chooses a new password by the token of a mailed link. */
export function Reset({ token }: { readonly token: string }): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const [password, setPassword] = useState("");
  const task = useTask(async () => {
    await session.client.accounts.resetPassword(token, password);
    await session.passwordReset();
    go({}, { replace: true });
  });
  const { text, fields } = explain(task.failure, texts);
  const { token: tokenWrong, new_password: passwordWrong } = fields;
  return (
    <AccountForm task={task} text={text ?? tokenWrong}>
      <Field
        label={texts.newPassword}
        hint={texts.passwordHint}
        wrong={passwordWrong}
        type="password"
        name="new-password"
        autoComplete="new-password"
        required
        value={password}
        onChange={({ target }) => {
          setPassword(target.value);
        }}
      />
      <p className="door-hint">{texts.resetHint}</p>
      <Button type="submit" busy={task.busy}>
        {texts.savePassword}
      </Button>
      <a className="door-forgot" href={hrefOf(tokenWrong === undefined ? {} : { door: "forgot" })}>
        {tokenWrong === undefined ? texts.backToSignIn : texts.forgot}
      </a>
    </AccountForm>
  );
}
